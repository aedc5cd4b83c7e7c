import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { copyBody } from '../../../lambda/runtime/copy-body.ts';
import { PullStream } from '../../../lambda/streams/readable.ts';
import { sourceOf } from '../../support/sources.ts';

class Writer extends EventEmitter {
  written = '';
  room = true;

  write(chunk: Uint8Array): boolean {
    if (this.written === 'gone') throw new Error('the socket is gone');
    this.written += Buffer.from(chunk);
    return this.room;
  }
}

async function* chunks(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part);
}
const bodies = {
  'a source': (parts: AsyncGenerator<Buffer>) =>
    new PullStream(sourceOf(parts)) as unknown as ReadableStream<Uint8Array>,
  'a stream of Node’s': (parts: AsyncGenerator<Buffer>) =>
    ReadableStream.from(parts) as unknown as ReadableStream<Uint8Array>,
};
const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe.each(Object.entries(bodies))('%s', (_, bodyOf) => {
  test('is written out chunk by chunk', async () => {
    const writer = new Writer();
    await copyBody(bodyOf(chunks('a', 'b', 'c')), writer, never);
    expect(writer.written).toBe('abc');
  });

  test('waits for a writer that has no room', async () => {
    const writer = new Writer();
    writer.room = false;
    const copied = copyBody(bodyOf(chunks('a', 'b')), writer, never);
    await settled();
    expect(writer.written).toBe('a');
    writer.room = true;
    writer.emit('drain');
    await copied;
    expect(writer.written).toBe('ab');
    expect(writer.listenerCount('drain')).toBe(0);
  });

  test('that fails is told', async () => {
    async function* failing() {
      yield Buffer.from('a');
      throw new Error('broken');
    }
    const writer = new Writer();
    await expect(copyBody(bodyOf(failing()), writer, never)).rejects.toThrow('broken');
    expect(writer.written).toBe('a');
  });

  test.each(['while it is silent', 'while the writer has no room'])('is left %s', async (when) => {
    let left = false;
    async function* endless() {
      try {
        yield Buffer.from('a');
        if (when === 'while it is silent') await settled();
        for (;;) yield Buffer.from('b');
      } finally {
        left = true;
      }
    }
    const writer = new Writer();
    writer.room = when === 'while it is silent';
    const stop = new AbortController();
    const copied = copyBody(bodyOf(endless()), writer, stop.signal);
    await Promise.resolve();
    stop.abort(new Error('stopped'));
    await expect(copied).rejects.toThrow('stopped');
    await expect.poll(() => left).toBe(true);
    expect(writer.listenerCount('drain')).toBe(0);
    expect(writer.written).not.toContain('b');
  });

  test('is not begun after the stop', async () => {
    const stop = AbortSignal.abort(new Error('stopped'));
    const writer = new Writer();
    await expect(copyBody(bodyOf(chunks('a')), writer, stop)).rejects.toThrow('stopped');
    expect(writer.written).toBe('');
  });

  test('is left by a writer that throws', async () => {
    const writer = new Writer();
    writer.written = 'gone';
    await expect(copyBody(bodyOf(chunks('a', 'b')), writer, never)).rejects.toThrow('the socket is gone');
  });
});

test('a source that throws when it is asked is left, and told', async () => {
  let cancelled = false;
  const source = {
    pull() {
      throw new Error('broken');
    },
    cancel() {
      cancelled = true;
    },
  };
  const body = new PullStream(source) as unknown as ReadableStream<Uint8Array>;
  await expect(copyBody(body, new Writer(), never)).rejects.toThrow('broken');
  expect(cancelled).toBe(true);
});
