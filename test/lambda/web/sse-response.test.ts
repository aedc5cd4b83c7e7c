import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PullStream } from '../../../lambda/streams/readable.ts';
import type { Receiver, Source } from '../../../lambda/streams/source.ts';
import { Response as SmallResponse } from '../../../lambda/web/fetch-classes.ts';
import { sseResponse } from '../../../lambda/web/sse-response.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Response', SmallResponse);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Events that are given one by one, and what happened to them. */
function source() {
  const receivers: Receiver<string>[] = [];
  const state = { asked: 0, left: false, ended: [] as boolean[] };
  const events: Source<string> = {
    pull(receiver) {
      state.asked += 1;
      receivers.push(receiver);
    },
    cancel() {
      state.left = true;
    },
  };
  return {
    state,
    give: (value: string) => receivers.shift()?.onItem(value, false),
    finish: () => receivers.shift()?.onEnd(),
    fail: (error: Error) => receivers.shift()?.onError(error),
    response: (overdue = false) =>
      sseResponse(events, {
        headers: { 'x-a': '1' },
        heartbeat: () => ': keep-alive\n\n',
        overdue,
        heartbeatMs: 1000,
        onEnd: (complete) => state.ended.push(complete),
      }),
  };
}

const text = ({ value }: { value?: Uint8Array }) => value && Buffer.from(value).toString();

describe('server-sent events', () => {
  test('one chunk for each event, asked for when there is room for it', async () => {
    const { state, give, finish, response } = source();
    const answer = response();
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-a': '1',
    });
    const reader = answer.body!.getReader();
    const first = reader.read();
    give('data: é 字 🙂\n\n');
    expect(text(await first)).toBe('data: é 字 🙂\n\n');
    const second = reader.read();
    await vi.advanceTimersByTimeAsync(0);
    expect(state.asked).toBeLessThanOrEqual(3);
    give('data: 2\n\n');
    expect(text(await second)).toBe('data: 2\n\n');
    const last = reader.read();
    finish();
    expect((await last).done).toBe(true);
    expect(state.ended).toEqual([true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a heartbeat for each silent interval, and no event is lost by it', async () => {
    const { give, finish, response } = source();
    const reader = new PullReader(response());
    const waiting = reader.read();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await waiting).toBe(': keep-alive\n\n');
    // The event comes while nobody reads.
    give('data: 1\n\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(await reader.read()).toBe('data: 1\n\n');
    const quiet = reader.read();
    // The silence is counted from the event on, and looked at four times in an interval.
    await vi.advanceTimersByTimeAsync(1250);
    expect(await quiet).toBe(': keep-alive\n\n');
    const last = reader.read();
    finish();
    expect(await last).toBeUndefined();
  });

  test('a heartbeat at once where it has been silent for long, and then the events', async () => {
    const { give, response } = source();
    const reader = new PullReader(response(true));
    expect(await reader.read()).toBe(': keep-alive\n\n');
    const waiting = reader.read();
    give('data: 1\n\n');
    expect(await waiting).toBe('data: 1\n\n');
    await reader.cancel();
  });

  test('a client that goes leaves the source, once, whatever comes afterwards', async () => {
    const { state, give, response } = source();
    const answer = response();
    const reader = answer.body!.getReader();
    const waiting = reader.read();
    await reader.cancel();
    expect((await waiting).done).toBe(true);
    give('data: late\n\n');
    await vi.advanceTimersByTimeAsync(5000);
    expect(state).toMatchObject({ left: true, ended: [false] });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a source that fails against its contract is not taken for one that has ended', async () => {
    const { state, fail, response } = source();
    const reader = new PullReader(response());
    const waiting = reader.read();
    fail(new Error('broken'));
    await expect(waiting).rejects.toThrow('broken');
    expect(state.ended).toEqual([false]);
    expect(await reader.read()).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a thousand streams leave no timer behind', async () => {
    for (let nth = 0; nth < 1000; nth += 1) {
      const { give, finish, response } = source();
      const reader = new PullReader(response());
      const first = reader.read();
      give('data: x\n\n');
      await first;
      const last = reader.read();
      if (nth % 2 === 0) finish();
      else await reader.cancel();
      await last;
    }
    expect(vi.getTimerCount()).toBe(0);
  });
});

/** Reads the body as the function does: the Response of the bundle hands it on, Node's own reads ahead. */
class PullReader {
  readonly #reader: ReturnType<PullStream['getReader']>;

  constructor(response: Response) {
    this.#reader = (response.body as unknown as PullStream).getReader();
  }

  async read(): Promise<string | undefined> {
    return text(await this.#reader.read());
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

describe('a pull stream', () => {
  const chunks = (...parts: string[]) => {
    const cancelled: true[] = [];
    const stream = new PullStream({
      pull(receiver) {
        const part = parts.shift();
        if (part === undefined) receiver.onEnd();
        else receiver.onItem(Buffer.from(part), false);
      },
      cancel: () => cancelled.push(true),
    });
    return { stream, cancelled };
  };

  test('is read once at a time', async () => {
    const { stream } = chunks('a');
    const reader = stream.getReader();
    expect(stream.locked).toBe(true);
    expect(() => stream.getReader()).toThrow(TypeError);
    await expect(stream.cancel()).rejects.toThrow(TypeError);
    reader.releaseLock();
    expect(stream.locked).toBe(false);
  });

  test('closes at its end', async () => {
    const reader = chunks().stream.getReader();
    await reader.read();
    await expect(reader.closed).resolves.toBeUndefined();
  });

  test('is the body of Node’s own Response', async () => {
    vi.unstubAllGlobals();
    const { stream, cancelled } = chunks('a', 'b');
    expect(await new Response(stream as unknown as ReadableStream).text()).toBe('ab');
    expect(cancelled).toEqual([]);
  });

  test('left by a loop, it is cancelled', async () => {
    const { stream, cancelled } = chunks('a', 'b');
    for await (const chunk of stream) {
      expect(Buffer.from(chunk).toString()).toBe('a');
      break;
    }
    expect(cancelled).toHaveLength(1);
    expect(stream.locked).toBe(false);
  });

  test('cancelled before it is read', async () => {
    const { stream, cancelled } = chunks('a');
    await stream.cancel('gone');
    expect(cancelled).toEqual([true]);
    expect(stream.locked).toBe(false);
  });
});
