import { Hono } from 'hono/tiny';
import { describe, expect, test } from 'vitest';
import { Trace } from '../../../../lambda/accounting/trace.ts';
import { download } from '../../../../lambda/apis/batching/download.ts';
import type { GatewayEnv } from '../../../../lambda/apis/shared/env.ts';

/** Asks for what `pieces` makes: the response, and how the request was ended. */
async function ask(pieces: AsyncGenerator<string, void>) {
  const ends: boolean[] = [];
  const trace = new Trace();
  let response: Response | undefined;
  const app = new Hono<GatewayEnv>();
  app.get('/', async (c) => {
    c.set('request', { trace } as never);
    c.set('keepOpen', () => (complete) => void ends.push(complete));
    response = await download(c, pieces, { 'content-type': 'application/jsonl' });
    return c.text('');
  });
  let failure: unknown;
  app.onError((error, c) => {
    failure = error;
    return c.text('', 500);
  });
  await app.request('/');
  return { response, ends, failure, trace };
}

async function* lines(count: number, failsAt = -1) {
  for (let i = 0; i < count; i += 1) {
    if (i === failsAt) throw new Error('S3 has broken off');
    yield `${'x'.repeat(999)}\n`;
  }
}

async function read(response: Response | undefined): Promise<string> {
  let text = '';
  for await (const piece of response?.body ?? []) text += Buffer.from(piece).toString();
  return text;
}

describe('a download', () => {
  test.each([0, 1, 500])('of %i lines is whole, and ends the request', async (count) => {
    const { response, ends } = await ask(lines(count));
    expect((await read(response)).length).toBe(count * 1000);
    expect(ends).toEqual([true]);
  });

  test('that fails at its first line is an error like any other', async () => {
    const { response, failure, ends } = await ask(lines(5, 0));
    expect([response, ends, failure]).toEqual([
      undefined,
      [],
      expect.objectContaining({ message: 'S3 has broken off' }),
    ]);
  });

  test('that fails later is broken off, so that nobody takes it for whole', async () => {
    const { response, ends, trace } = await ask(lines(500, 400));
    await expect(read(response)).rejects.toThrow('S3 has broken off');
    expect(ends).not.toContain(true);
    expect(trace.allFacts()).toMatchObject({ errorReason: 'internal' });
  });

  test('that is left ends what makes it', async () => {
    let ended = false;
    async function* endless() {
      try {
        for (;;) yield 'x'.repeat(70_000);
      } finally {
        ended = true;
      }
    }
    const { response, ends } = await ask(endless());
    const reader = response!.body!.getReader();
    await reader.read();
    await reader.cancel();
    await expect.poll(() => ended).toBe(true);
    expect(ends).toEqual([false]);
  });
});
