import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { translateRequest } from '../../../lambda/apis/chat-completions/request.ts';
import { deriveStateKey } from '../../../lambda/auth/state-key.ts';
import { capabilitiesOf } from '../../../lambda/models/families/capabilities-of.ts';
import { codeUnits, wellFormed } from '../../support/code-units.ts';
import { fit as fitTo } from '../../support/fit.ts';
import { onTheWire, refusal, textModels, undecided } from '../../support/simulated-models.ts';

const stateKey = deriveStateKey('properties');

function sent(model: string, openai: object) {
  const { canonical } = translateRequest(
    { model, max_tokens: 500, ...openai },
    { stateKey, strict: false, fetched: new Map() },
  );
  const { family } = capabilitiesOf(model);
  return fitTo(canonical, capabilitiesOf(model, undecided[family]));
}

/** Any code units, never blank. */
const text = codeUnits.map((units) => `a${units}b`);
/** Arguments with any code units, as JSON with its halves escaped, whole or cut off anywhere. */
const args = fc
  .tuple(fc.dictionary(text, fc.oneof(text, fc.dictionary(text, text))), fc.option(fc.nat(80)))
  .map(([value, end]) => JSON.stringify(value).slice(0, end ?? undefined));
const schema = fc.tuple(text, text, text).map(([name, description, value]) => ({
  type: 'object',
  properties: { [name]: { type: 'string', description, enum: [value] } },
}));

/** A conversation with any text in every place that a client can write to. */
const conversation = fc
  .record({ text, args, result: codeUnits, name: text, schema, id: text })
  .map(({ text, args, result, name, schema, id }) => ({
    messages: [
      { role: 'system', content: text },
      { role: 'user', name: text, content: text },
      {
        role: 'assistant',
        content: text,
        tool_calls: [{ id, type: 'function', function: { name, arguments: args } }],
      },
      { role: 'tool', tool_call_id: id, content: result },
      { role: 'system', content: text },
      {
        role: 'user',
        content: [
          { type: 'text', text },
          { type: 'text', text: result },
        ],
      },
    ],
    tools: [{ type: 'function', function: { name, description: text, parameters: schema } }],
    response_format: { type: 'json_schema', json_schema: { name: 'answer', description: text, schema } },
    metadata: { [text]: text },
    stop: [text],
  }));

describe('text of any code units, in every place', () => {
  test.each(textModels)('%s takes it', (model) => {
    const { tools } = capabilitiesOf(model);
    fc.assert(
      fc.property(conversation, (openai) => {
        const { tools: given, ...rest } = openai;
        const { request, streamable } = sent(model, tools ? openai : rest);
        expect(refusal(model, request, streamable)).toBeUndefined();
      }),
      { numRuns: 25 },
    );
  });

  test('goes out as it is, but for the halves', () => {
    fc.assert(
      fc.property(text, (given) => {
        const { request } = sent('anthropic.claude-sonnet-4-6', {
          messages: [{ role: 'user', content: given }],
        });
        expect(onTheWire(request).messages).toEqual([
          { role: 'user', content: [{ text: wellFormed(given) }] },
        ]);
      }),
    );
  });

  test('bytes are not touched', () => {
    const bytes = fc.uint8Array({ minLength: 1 }).map((each) => Buffer.from(each).toString('base64'));
    fc.assert(
      fc.property(bytes, text, (data, name) => {
        const file = { filename: name, file_data: `data:application/pdf;base64,${data}` };
        const content = [
          { type: 'text', text: name },
          { type: 'file', file },
        ];
        const { request } = sent('anthropic.claude-sonnet-4-6', { messages: [{ role: 'user', content }] });
        expect(onTheWire(request).messages[0]?.content[1]).toMatchObject({
          document: { source: { bytes: data } },
        });
      }),
    );
  });
});

describe('arguments that come back', () => {
  const call = (given: unknown) => ({
    messages: [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: given } }],
      },
      { role: 'tool', tool_call_id: 'a', content: 'x' },
    ],
    tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
  });
  const inputs = (given: unknown) => {
    const { request, warnings } = sent('anthropic.claude-sonnet-4-6', call(given));
    const blocks = onTheWire(request).messages[1]?.content ?? [];
    return {
      inputs: blocks.map((block) => 'toolUse' in block && block.toolUse.input),
      warnings: warnings.map(String),
    };
  };
  const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));

  test('are an object wherever they were cut off, with a warning where they were', () => {
    fc.assert(
      fc.property(objects, fc.nat(), (value, at) => {
        const whole = JSON.stringify(value);
        const cut = whole.slice(0, 1 + (at % whole.length));
        const got = inputs(cut);
        if (cut === whole) expect(got).toEqual({ inputs: [JSON.parse(whole)], warnings: [] });
        else {
          expect(got.inputs).toEqual([{ invalid_arguments: cut }]);
          expect(got.warnings).toEqual([expect.stringContaining('no JSON object')]);
        }
      }),
    );
  });

  test('are an object whatever JSON they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, asText) => {
        for (const input of inputs(asText ? JSON.stringify(value) : value).inputs) {
          expect(Object.prototype.toString.call(input)).toBe('[object Object]');
        }
      }),
    );
  });

  test('are the same object however often they were written as a string', () => {
    fc.assert(
      fc.property(objects, fc.integer({ min: 0, max: 4 }), (value, times) => {
        let written = JSON.stringify(value);
        const plain = JSON.parse(written);
        for (let i = 0; i < times; i += 1) written = JSON.stringify(written);
        expect(inputs(written)).toEqual({ inputs: [plain], warnings: [] });
      }),
    );
  });
});
