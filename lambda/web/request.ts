import { Body, type BodyInit } from './body.ts';
import { Headers } from './headers.ts';
import { refuseMembers } from './missing.ts';

export interface RequestInit {
  method?: string;
  headers?: ConstructorParameters<typeof Headers>[0];
  body?: BodyInit;
  signal?: AbortSignal;
}

/** A Request of an absolute URL, or one made of another with a body of its own. */
export class Request extends Body {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;

  constructor(input: string | URL | Request, init: RequestInit = {}) {
    const base = input instanceof Request ? input : undefined;
    super('body' in init ? init.body : base?.body);
    this.url = base?.url ?? new URL(String(input)).href;
    this.method = init.method ?? base?.method ?? 'GET';
    this.headers = new Headers(init.headers ?? base?.headers);
    this.signal = init.signal ?? base?.signal ?? new AbortController().signal;
  }
}

refuseMembers(Request.prototype, 'Request', [
  'cache',
  'clone',
  'credentials',
  'destination',
  'duplex',
  'integrity',
  'isHistoryNavigation',
  'isReloadNavigation',
  'keepalive',
  'mode',
  'redirect',
  'referrer',
  'referrerPolicy',
]);
