import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as own from '../../../lambda/web/fetch-classes.ts';

/** The classes of the bundle behave as Node's own wherever the gateway and Hono use them. */
const node = { Headers, Request, Response };

const name = fc.constantFrom('Accept', 'x-a', 'X-A', 'content-type', 'Set-Cookie', 'x b', '', 'é', 'x:');
const value = fc.oneof(
  fc.constantFrom(' a ', 'b\t', '', 'x\ny', 'x\0', 'é', '字', '\r\nx', 'a, b'),
  fc.string(),
);
const step = fc.oneof(
  fc.record({ method: fc.constantFrom('set' as const, 'append' as const), name, value }),
  fc.record({ method: fc.constantFrom('get' as const, 'has' as const, 'delete' as const), name }),
);

interface Step {
  method: string;
  name: string;
  value?: string;
}

/** What each step gave, and what is there in the end. */
function play(headers: Headers | own.Headers, steps: readonly Step[]) {
  const results = steps.map((each) => {
    try {
      const call = (headers as unknown as Record<string, (...args: string[]) => unknown>)[each.method]!;
      const value = 'value' in each && each.value !== undefined ? [each.value] : [];
      return call.call(headers, each.name, ...value);
    } catch (error) {
      return (error as Error).constructor;
    }
  });
  const told: unknown[] = [];
  headers.forEach((value, name) => {
    told.push([name, value]);
  });
  return {
    results,
    all: [...headers],
    told,
    names: [...headers.keys()],
    values: [...headers.values()],
    cookies: headers.getSetCookie(),
  };
}

describe('Headers', () => {
  test('whatever is done to them', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        expect(play(new own.Headers(), steps)).toEqual(play(new node.Headers(), steps));
      }),
    );
  });

  test('a value with much white space in it is read in one pass', () => {
    // In two loops it would take minutes.
    const value = ` a${' '.repeat(300_000)}b\t`;
    expect(new own.Headers({ 'x-a': value }).get('x-a')).toBe(value.trim());
  });

  test.each([
    ['a record', { 'X-A': '1', 'x-a': '2', 'Set-Cookie': 'c' }],
    [
      'pairs',
      [
        ['x-a', '1'],
        ['set-cookie', 'c'],
        ['set-cookie', 'd'],
      ] as [string, string][],
    ],
    ['nothing', undefined],
  ])('made of %s', (_, init) => {
    expect([...new own.Headers(init)]).toEqual([...new node.Headers(init)]);
    expect([...new own.Headers(new own.Headers(init))]).toEqual([...new node.Headers(init)]);
  });
});

type Both = typeof node;
const rooms = [own as unknown as Both, node] as const;

/** The same asked of both, answers compared. */
async function same(ask: (room: Both) => unknown) {
  const [ours, theirs] = await Promise.all(rooms.map(async (room) => ask(room)));
  expect(ours).toEqual(theirs);
}

const bytes = new TextEncoder();
const bodies: [string, () => string | Uint8Array<ArrayBuffer> | null | undefined][] = [
  ['text', () => 'é 字'],
  ['a byte order mark', () => '\ufeffx'],
  ['bytes', () => bytes.encode('{"a":1}')],
  ['part of a buffer', () => bytes.encode('xx{"a":1}').subarray(2)],
  ['empty text', () => ''],
  ['null', () => null],
  ['nothing', () => undefined],
];

async function read(body: { body: ReadableStream<Uint8Array> | null }): Promise<string | null> {
  if (!body.body) return null;
  const reader = body.body.getReader();
  let text = '';
  for (let next = await reader.read(); !next.done; next = await reader.read())
    text += Buffer.from(next.value).toString('latin1');
  return text;
}

describe('Response', () => {
  test.each(bodies)('of %s', async (_, body) => {
    await same((room) => new room.Response(body()).text());
    await same((room) => read(new room.Response(body())));
    await same((room) => [
      ...new room.Response(body() === null ? null : 'x', { status: 201, headers: { a: 'b' } }).headers,
    ]);
    await same(async (room) => {
      const response = new room.Response(body());
      await response.text();
      return [response.bodyUsed, await response.text().catch((error: Error) => error.constructor)];
    });
  });

  test('its status, and one made of another', async () => {
    await same((room) => {
      const first = new room.Response('x', { status: 404, statusText: 'No', headers: { 'x-a': '1' } });
      const second = new room.Response(first.body, first);
      second.headers.set('x-b', '2');
      return [second.status, second.statusText, second.ok, [...second.headers], second.text()];
    });
    await same((room) => [new room.Response().status, new room.Response().ok, new room.Response().body]);
  });

  test('JSON', async () => {
    await same(async (room) => {
      const response = room.Response.json({ a: 'é' }, { status: 400, headers: { 'x-a': '1' } });
      return [response.status, [...response.headers], await response.json()];
    });
    await same((room) => [
      ...room.Response.json(1, { headers: { 'content-type': 'application/problem+json' } }).headers,
    ]);
  });

  test('a stream is handed on as it is', async () => {
    const stream = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(bytes.encode('abc'));
          controller.close();
        },
      });
    await same((room) => new room.Response(stream()).text());
    await same((room) => read(new room.Response(stream())));
  });
});

describe('Request', () => {
  test.each(bodies)('of %s', async (_, body) => {
    const init = () => ({ method: 'POST', body: body(), headers: { 'content-type': 'x/y' } });
    await same(async (room) => {
      const request = new room.Request('https://h/a b?q#f', init());
      return [request.url, request.method, [...request.headers], await request.text()];
    });
    await same(async (room) => {
      const copy = new room.Request(new room.Request('https://h/', init()), { body: 'other' });
      return [copy.url, copy.method, [...copy.headers], await copy.text()];
    });
  });

  test('its signal', () => {
    const controller = new AbortController();
    const request = new own.Request('https://h/', { signal: controller.signal });
    controller.abort('gone');
    expect(request.signal.reason).toBe('gone');
    expect(new own.Request('https://h/').signal.aborted).toBe(false);
  });

  test('of what is no URL', () => {
    expect(() => new own.Request('nowhere')).toThrow(TypeError);
  });
});

describe('members of Node’s classes that are not there', () => {
  const members = (target: object): string[] => {
    const names = new Set<string>();
    for (
      let at = target;
      at && at !== Object.prototype && at !== Function.prototype;
      at = Object.getPrototypeOf(at)
    ) {
      for (const each of Object.getOwnPropertyNames(at)) names.add(each);
    }
    return [...names];
  };
  const classes = ['Headers', 'Request', 'Response'] as const;
  /** Undici's own, which is in no standard. */
  const foreign = ['attribute'];

  test.each(classes)('%s has each member, or refuses it by name', (name) => {
    const instance = (from: typeof node | typeof own) =>
      name === 'Request' ? new from.Request('http://x/') : new from[name]();
    const own$ = instance(own) as unknown as Record<string, unknown>;
    const missing = members(node[name].prototype).filter(
      (each) => !foreign.includes(each) && !(each in own$),
    );
    expect(missing).toEqual([]);
    const { [name]: ownClass } = own;
    const statics = members(node[name]).filter((each) => !(each in ownClass));
    expect(statics).toEqual([]);
  });

  test('say so', () => {
    const response = new own.Response('x') as unknown as Response;
    expect(() => response.clone()).toThrow('Response.clone is not part of the function’s own Response');
    expect(() => (own.Response as unknown as typeof Response).error()).toThrow(/Response\.error/);
    expect(() => response.arrayBuffer()).toThrow(/Body\.arrayBuffer/);
  });
});
