import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesOf } from '../../../lambda/batches/lines.ts';
import { RecordWriter } from '../../../lambda/batches/record-writer.ts';
import type { Bucket } from '../../../lambda/bedrock/s3.ts';

async function read(chunks: Uint8Array[], ...bounds: number[]) {
  const found: { number: number; text: string }[] = [];
  async function* stream() {
    yield* chunks;
  }
  for await (const line of linesOf(stream(), ...(bounds as [number?, number?]))) found.push(line);
  return found;
}

/** The same bytes, cut at any places. */
const cut = (bytes: Buffer, at: readonly number[]): Buffer[] => {
  const places = [0, ...at.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((to, i) => bytes.subarray(places[i], to));
};

describe('lines', () => {
  test('are the same however the stream is cut', async () => {
    const lines = fc.array(
      fc.string({ unit: 'grapheme' }).map((text) => text.replace(/\n/g, ' ')),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(500)), async (texts, at) => {
        const bytes = Buffer.from(texts.join('\n'));
        const expected = bytes
          .toString()
          .split('\n')
          .map((text, i) => ({
            number: i + 1,
            text: i === 0 && text.startsWith('\ufeff') ? text.slice(1) : text,
          }))
          .filter(({ text }) => text.trim() !== '');
        expect(await read(cut(bytes, at))).toEqual(expected);
      }),
    );
  });

  test('keep their numbers where empty ones stand between, and may end as Windows has it', async () => {
    expect(await read([Buffer.from('\ufeffa\r\n\r\n\nb')])).toEqual([
      { number: 1, text: 'a\r' },
      { number: 4, text: 'b' },
    ]);
  });

  test('that are too long, or too many bytes, are a 413 before they are held', async () => {
    const chunks = Array.from({ length: 50 }, () => Buffer.alloc(1000, 'x'));
    await expect(read(chunks, 1e6, 10_000)).rejects.toMatchObject({
      status: 413,
      message: expect.stringMatching(/^Line 1 /),
    });
    await expect(read(chunks, 10_000)).rejects.toMatchObject({
      status: 413,
      message: expect.stringMatching(/^The input /),
    });
  });
});

describe('what is written', () => {
  test('goes out in parts of at least five MiB, or at once, and is the same', async () => {
    for (const [count, parts] of [
      [10, 0],
      [3000, 3],
    ] as const) {
      const written: Buffer[] = [];
      const bucket = {
        put: async (_key: string, body: Buffer) => written.push(body) > 0,
        upload: async () => ({
          part: async (body: Buffer) => void written.push(body),
          complete: async () => {},
          abort: async () => {},
        }),
      } as unknown as Bucket;
      const writer = new RecordWriter(bucket, 'k');
      const line = 'ä'.repeat(6000);
      for (let i = 0; i < count; i += 1) await writer.add(line);
      await writer.close();
      expect(Buffer.concat(written).toString()).toBe(`${line}\n`.repeat(count));
      expect(written.length).toBe(Math.max(1, parts));
      for (const part of written.slice(0, -1)) expect(part.length).toBeGreaterThan(5 << 20);
    }
  });
});
