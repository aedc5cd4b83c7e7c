import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WayBackReader, WayBackWriter } from '../../../../lambda/apis/batching/way-back.ts';

function written(bodies: readonly Record<string, unknown>[]): string[] {
  const writer = new WayBackWriter();
  return bodies.flatMap((body, i) => {
    const { context, before } = writer.line(`id ${i}`, body);
    return [...before, context];
  });
}

const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } });
const messages = [{ role: 'user', content: 'x'.repeat(10_000) }];

describe('the way back of a request', () => {
  test('has all but its conversation, kept once for all that have the same', () => {
    const bodies = Array.from({ length: 500 }, (_, i) => ({
      model: 'm',
      tools: [tool(i % 2 ? 'a' : 'b')],
      messages,
    }));
    const lines = written(bodies);
    expect(lines.length).toBe(502);
    expect(lines.join('\n').length).toBeLessThan(20_000);
    const reader = new WayBackReader(lines, 'messages');
    for (const i of [0, 1, 498, 499]) {
      expect(reader.at(i)).toEqual({
        id: `id ${i}`,
        settings: i % 2,
        bodies: [
          { model: 'm', tools: [tool(i % 2 ? 'a' : 'b')], messages: [{ role: 'user', content: '.' }] },
        ],
      });
    }
    expect(reader.at(500)).toBeUndefined();
  });

  test('keeps how a conversation is built in which tools were called, with its texts cut', () => {
    const long = 'data:image/png;base64,'.padEnd(5000, 'A');
    const history = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'y'.repeat(500) },
          { type: 'image_url', image_url: { url: long } },
        ],
      },
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'odd name', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
    ];
    const reader = new WayBackReader(
      written([{ model: 'm', tools: [tool('a')], messages: history }]),
      'messages',
    );
    const found = reader.at(0);
    expect(found?.settings).toBeUndefined();
    expect(found?.bodies[0]).toMatchObject({
      messages: [
        { content: [{ text: 'y'.repeat(64) }, { image_url: { url: long.slice(0, 22 + 64) } }] },
        { tool_calls: [{ function: { name: 'odd name' } }] },
        { tool_call_id: 'call_1' },
      ],
    });
    expect(found?.bodies[1]).toMatchObject({ messages: [{ role: 'user', content: '.' }] });
  });

  test('is the body’s own for any JSON, whatever its members are called', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }), { maxLength: 8 }),
        (given) => {
          const bodies = given.map((body) => JSON.parse(JSON.stringify(body)) as Record<string, unknown>);
          const reader = new WayBackReader(written(bodies).join('\n').split('\n'), 'input');
          for (const [i, body] of bodies.entries()) {
            const { messages: _, input: __, system: ___, ...settings } = body;
            const last = reader.at(i)?.bodies.at(-1);
            expect(JSON.stringify(last)).toBe(JSON.stringify({ ...settings, input: '.' }));
          }
        },
      ),
    );
  });
});
