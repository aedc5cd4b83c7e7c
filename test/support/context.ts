import { Trace } from '../../lambda/accounting/trace.ts';
import { CallBudget } from '../../lambda/bounds.ts';
import type { Caller, Lifetime, RequestContext } from '../../lambda/engine/types.ts';

/** What a test says about a request: parts of the caller and of the lifetime, or the whole of another part. */
export type ContextParts = Partial<Omit<RequestContext, 'caller' | 'lifetime'>> &
  Partial<Caller> &
  Partial<Lifetime>;

/** The surroundings of one request, as HTTP would make them: a key without a scope, and a minute's time. */
export function requestContext(parts: ContextParts = {}): RequestContext {
  const { principal = { name: 'test' }, credentials, region, keyless, ...more } = parts;
  const { signal = new AbortController().signal, deadline = 60_000, waitUntil = () => {}, ...rest } = more;
  return {
    requestId: 'req',
    trace: new Trace(),
    calls: new CallBudget(),
    ...rest,
    caller: {
      principal,
      ...(credentials && { credentials }),
      ...(region !== undefined && { region }),
      ...(keyless && { keyless }),
    },
    lifetime: { signal, deadline, waitUntil },
  };
}
