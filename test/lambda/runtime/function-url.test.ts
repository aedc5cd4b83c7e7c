import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../lambda/errors.ts';
import {
  type FunctionUrlEvent,
  type ResponseHead,
  toRequest,
  toResponseHead,
} from '../../../lambda/runtime/function-url.ts';

interface RequestCase {
  name: string;
  event: FunctionUrlEvent;
  request?: {
    method: string;
    url: string;
    headers: Record<string, string>;
    body?: string;
    bodyBase64?: string;
  };
  error?: { status: number; code: string | null };
}
interface ResponseCase {
  name: string;
  status: number;
  headers: [string, string][];
  head: ResponseHead;
}

const golden = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../golden/function-url/${name}.json`, import.meta.url), 'utf8'));

describe('an event becomes a Request', () => {
  it.each(golden('requests') as RequestCase[])('$name', async ({ event, request, error }) => {
    if (error) {
      expect(() => toRequest(event)).toThrow(GatewayError);
      expect(() => toRequest(event)).toThrow(expect.objectContaining(error));
      return;
    }
    const made = toRequest(event);
    const body = Buffer.from(await made.clone().arrayBuffer());
    expect({
      method: made.method,
      url: made.url,
      headers: Object.fromEntries(made.headers),
      ...(request?.bodyBase64 === undefined
        ? { body: body.toString() }
        : { bodyBase64: body.toString('base64') }),
    }).toEqual(request);
  });

  it('hands its signal on', () => {
    const controller = new AbortController();
    const request = toRequest({ requestContext: { http: { method: 'GET' } } }, controller.signal);
    controller.abort();
    expect(request.signal.aborted).toBe(true);
  });

  it('fails only with a GatewayError, whatever the event', () => {
    const event = fc.record(
      {
        rawPath: fc.string({ unit: 'binary' }),
        rawQueryString: fc.string({ unit: 'binary' }),
        headers: fc.dictionary(fc.string(), fc.string({ unit: 'binary' })),
        cookies: fc.array(fc.string({ unit: 'binary' })),
        body: fc.string({ unit: 'binary' }),
        isBase64Encoded: fc.boolean(),
        requestContext: fc.record({
          domainName: fc.constantFrom('abc.lambda-url.us-east-1.on.aws', ''),
          http: fc.record({ method: fc.constantFrom('GET', 'POST', 'HEAD', 'TRACE', 'options', '') }),
        }),
      },
      { requiredKeys: ['requestContext'] },
    );
    fc.assert(
      fc.property(event, (value) => {
        try {
          const { host } = new URL(toRequest(value).url);
          expect(['localhost', 'abc.lambda-url.us-east-1.on.aws']).toContain(host);
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
        }
      }),
    );
  });
});

describe('a Response gives its head', () => {
  it.each(golden('responses') as ResponseCase[])('$name', ({ status, headers, head }) => {
    expect(toResponseHead(new Response(null, { status, headers }))).toEqual(head);
  });

  it('is JSON that every runtime can send: ASCII only', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array(), (text, bytes) => {
        const value = `x${Buffer.from(text + String.fromCharCode(...bytes)).toString('latin1')}`.replace(
          /[\0\r\n]/g,
          '',
        );
        const { headers } = toResponseHead(new Response(null, { headers: { 'x-a': value } }));
        expect(headers['x-a']).toMatch(/^[\t\x20-\x7e]*$/);
      }),
    );
  });
});
