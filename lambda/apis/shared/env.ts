import type { Principal } from '../../auth/principal.ts';
import type { StateKey } from '../../auth/state-key.ts';
import type { RequestContext } from '../../engine/types.ts';
import type { ErrorFormat } from '../api.ts';

/** What surrounds a route (Hono's environment). */
export interface GatewayEnv {
  /** Given by whoever runs the app for this one request. */
  Bindings: {
    /** Epoch milliseconds by which the answer must be complete. */
    deadline?: number;
    requestId?: string;
    /** Who calls, where the gateway itself has found that out: a call of its own playground. Its headers prove nothing then. */
    principal?: Principal;
    /** Takes work that outlasts the answer; absent: the gateway itself waits for it when it is closed. */
    waitUntil?: (work: Promise<unknown>) => void;
  };
  Variables: {
    /** How the API that the path belongs to renders failures. */
    errors: ErrorFormat;
    request: RequestContext;
    /** HEAD was asked: the routes answer it as GET, and what they answer goes out without its body. */
    isHead: boolean;
    /**
     * Seals what the client carries from one request to the next. Derived from the caller's own key: whoever calls
     * with the same key can open it, on any instance and after any deployment, and nothing has to be stored.
     */
    stateKey: () => StateKey;
    /**
     * Keeps the request open beyond the handler, for an answer that streams: returns the function to call when its
     * last byte has gone out (true) or the client has gone before that (false). Until then nothing upstream is aborted
     * and nothing is logged.
     */
    keepOpen: () => (complete: boolean) => void;
  };
}
