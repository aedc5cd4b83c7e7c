import { Body, type BodyInit } from './body.ts';
import { Headers } from './headers.ts';
import { refuseMembers } from './missing.ts';

export interface ResponseInit {
  status?: number;
  statusText?: string;
  headers?: ConstructorParameters<typeof Headers>[0];
}

export class Response extends Body {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;

  constructor(body?: BodyInit, init: ResponseInit = {}) {
    super(body);
    this.status = init.status ?? 200;
    this.statusText = init.statusText ?? '';
    this.headers = new Headers(init.headers);
    if (typeof body === 'string' && !this.headers.has('content-type')) {
      this.headers.set('content-type', 'text/plain;charset=UTF-8');
    }
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  static json(value: unknown, init: ResponseInit = {}): Response {
    const response = new Response(JSON.stringify(value), init);
    const typed = new Headers(init.headers).has('content-type');
    if (!typed) response.headers.set('content-type', 'application/json');
    return response;
  }
}

refuseMembers(Response.prototype, 'Response', ['clone', 'redirected', 'type', 'url']);
refuseMembers(Response, 'Response', ['error', 'redirect']);
