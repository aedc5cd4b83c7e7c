import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { StreamEncoder } from '../../../../lambda/apis/api.ts';
import { Ids } from '../../../../lambda/apis/responses/ids.ts';
import { pageOf } from '../../../../lambda/apis/responses/stored/pages.ts';
import {
  inputId,
  replayed,
  responseOf,
  storedItems,
} from '../../../../lambda/apis/responses/stored/records.ts';
import type { Shelf } from '../../../../lambda/apis/responses/stored/shelf.ts';
import { StoredCall } from '../../../../lambda/apis/responses/stored/stored-call.ts';
import { StoredEncoder } from '../../../../lambda/apis/responses/stored/stored-encoder.ts';
import type { JsonObject } from '../../../../lambda/canonical/types.ts';

const requestId = 'req_0123456789abcdef0123456789abcdef';
const silent = {
  read: () => new Promise<never>(() => {}),
  write: () => new Promise<never>(() => {}),
  clear: () => new Promise<never>(() => {}),
} satisfies Shelf;
const callOn = (shelf: Shelf, reports: string[] = []) =>
  new StoredCall({ shelf, requestId, now: () => 0, report: (message) => reports.push(message) });

describe('an answer that is to be stored', () => {
  test('waits for a silent table some seconds and not for ever', async () => {
    vi.useFakeTimers();
    const reports: string[] = [];
    const call = callOn(silent, reports);
    call.begin({ input: 'Hello' });
    const warning = call.save({ status: 'completed', output: [] });
    await vi.advanceTimersByTimeAsync(5000);
    vi.useRealTimers();
    expect(await warning).toContain('the answer was not stored');
    expect(reports).toEqual(['store: an answer was not stored']);
  });

  test.each(['failed', 'in_progress', undefined])('is not stored when it is %s', async (status) => {
    const call = callOn(silent);
    call.begin({ input: 'Hello' });
    expect(await call.save({ ...(status && { status }), output: [] })).toBeUndefined();
    expect(call.members()).toMatchObject({ store: true });
  });

  test('leaves a stream that fails as it is, and its numbers without a gap', async () => {
    const inner: StreamEncoder = {
      open: () => '',
      push: () => 'event',
      end: () => 'event: response.completed\ndata: {"response":{"status":"completed","output":[]}}\n\n',
      fail: () => 'failed',
      heartbeat: () => 'keepalive',
    };
    const call = callOn({ ...silent, write: async () => {} });
    call.begin({ input: 'Hello' });
    const encoder = new StoredEncoder(inner, call);
    expect([encoder.heartbeat(), encoder.push([], 0), encoder.end(), encoder.heartbeat()]).toEqual([
      'keepalive',
      'event',
      '',
      ': \n\n',
    ]);
    expect(await encoder.last()).toBe(inner.end());
    expect(encoder.fail({} as Parameters<StreamEncoder['fail']>[0])).toBe('failed');
  });
});

describe('ids', () => {
  test('say which response an item is of, for outputs and inputs', () => {
    const ids = fc.stringMatching(/^[a-f0-9]{32}$/);
    fc.assert(
      fc.property(ids, fc.nat(999), (request, index) => {
        const of = new Ids(`req_${request}`);
        expect(responseOf(of.item('message', index))).toBe(of.response);
        expect(responseOf(inputId(request)('msg', index))).toBe(of.response);
        expect(responseOf(inputId(request)('msg', 10 * index))).toBe(of.response);
      }),
    );
  });

  test.each(['', 'msg_1', 'msg_012', `msg_${'a'.repeat(5000)}`, '__proto__', 'msg_../../x000'])(
    '%s is of none',
    (id) => {
      expect(responseOf(id)).toBeUndefined();
    },
  );

  test('that are all by which a call and its output are known stay with them', () => {
    const id = 'tooluse_0123456789';
    const call = { type: 'local_shell_call', id, action: { type: 'exec', command: ['ls'] } };
    const output = { type: 'local_shell_call_output', id, output: 'a' };
    const stored = storedItems([call, output, { ...output, id: 'lsh_1' }], inputId('r'.repeat(32)));
    expect(stored.map(replayed)).toEqual([
      { type: call.type, call_id: id, action: call.action },
      { type: output.type, call_id: id, output: 'a' },
      { ...output, id: 'lsh_1' },
    ]);
  });

  test.each(['__proto__', 'constructor', 'hologram'])('of an item of type %s are ids', (type) => {
    const [stored] = storedItems([{ type }], inputId('r'.repeat(32)));
    expect(stored?.id).toBe(`item_${'r'.repeat(32)}i000`);
  });

  test('of the gateway’s own are not sent to a model', () => {
    const [item] = storedItems('Hello', inputId('0'.repeat(32)));
    expect(replayed(item as JsonObject)).toEqual({
      type: 'message',
      role: 'user',
      content: [{ type: 'input_text', text: 'Hello' }],
    });
    const own = { type: 'reasoning', id: 'rs_1', status: 'completed' };
    expect(replayed(own)).toEqual(own);
  });
});

describe('pages', () => {
  test('together are the list, in either order', () => {
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.integer({ min: 1, max: 100 }),
        fc.constantFrom('asc', 'desc'),
        (count, limit, order) => {
          const items = Array.from({ length: count }, (_, i) => ({ id: `msg_${i}` }));
          const seen: JsonObject[] = [];
          for (let after: string | undefined, more = true; more; ) {
            const query = { order, limit: String(limit), ...(after && { after }) };
            const page = pageOf(items, (name) => (query as Record<string, string>)[name]);
            const { data, has_more, last_id } = page as {
              data: JsonObject[];
              has_more: boolean;
              last_id: string;
            };
            expect(data.length).toBeLessThanOrEqual(limit);
            seen.push(...data);
            [after, more] = [last_id, has_more];
          }
          expect(seen).toEqual(order === 'asc' ? items : items.toReversed());
        },
      ),
    );
  });

  test.each([{ limit: '0' }, { limit: '101' }, { limit: 'x' }, { order: 'up' }, { after: 'msg_9' }])(
    '%j is a 400',
    (query) => {
      expect(() => pageOf([{ id: 'msg_1' }], (name) => Object(query)[name])).toThrow('Invalid value');
    },
  );
});
