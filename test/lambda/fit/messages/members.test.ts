import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject } from '../../../../lambda/canonical/json.ts';
import type { NativeRequest } from '../../../../lambda/canonical/native.ts';
import type { Json, JsonObject } from '../../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { fitMessages, needsConverse } from '../../../../lambda/fit/messages/index.ts';
import { memberAt } from '../../../../lambda/fit/messages/path.ts';
import type { Capabilities } from '../../../../lambda/models/capabilities.ts';
import { capabilitiesOf } from '../../../../lambda/models/families/capabilities-of.ts';
import { betas as simulatedBetas, takesBeta } from '../../../../local/simulator/rules/claude-betas.ts';
import { claudes } from '../../../support/claude-judge.ts';
import { askedMessages } from '../../../support/messages-bodies.ts';

const requestOf = (body: JsonObject, betas: string[] = []): NativeRequest => ({
  api: 'messages',
  body: { max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }], ...body },
  betas,
  settings: {},
});
const sonnet = 'anthropic.claude-sonnet-5-5';

/** Where a client names things as it likes. */
const freePlaces = new Set(['input', 'input_schema', 'schema', 'input_examples', 'block_binding']);

/** Of a text: the model's own words come back. */
const isCitations = (key: string, member: Json): boolean => key === 'citations' && Array.isArray(member);

function withName(value: Json, name: string): Json {
  if (Array.isArray(value)) return value.map((item) => withName(item, name));
  if (!isObject(value)) return value;
  const members = Object.entries(value as JsonObject).map(([key, member]) => [
    key,
    freePlaces.has(key) || isCitations(key, member) ? member : withName(member, name),
  ]);
  return { ...Object.fromEntries(members), [name]: 'x' };
}

describe('only names of the table reach Bedrock', () => {
  test.each(['unheard_of', '__proto__', 'constructor', 'guardrailConfig', 'amazon-bedrock-guardrailConfig'])(
    'wherever %s stands',
    (name) => {
      fc.assert(
        fc.property(askedMessages, fc.constantFrom(...claudes), ({ body, betas }, model) => {
          const named = JSON.parse(JSON.stringify(withName(body, name))) as JsonObject;
          try {
            const { native } = fitMessages(requestOf(named, betas), capabilitiesOf(model), model);
            expect(JSON.stringify(native.body)).not.toContain(`"${name}"`);
          } catch (error) {
            if (!(error instanceof GatewayError)) throw error;
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  test('whatever a client sends instead of a body, nothing but a 400 comes of it', () => {
    const names = ['system', 'messages', 'tools', 'tool_choice', 'thinking', 'output_config', 'metadata'];
    const odd = fc.dictionary(fc.constantFrom(...names, 'stop_sequences', 'temperature'), fc.jsonValue());
    const message = fc.record({
      role: fc.constantFrom('user', 'assistant', 'system'),
      content: fc.jsonValue(),
    });
    fc.assert(
      fc.property(odd, fc.array(message), fc.boolean(), (members, messages, both) => {
        const request = requestOf({
          ...(members as JsonObject),
          ...(both && { messages: messages as Json }),
        });
        try {
          needsConverse(request, capabilitiesOf(sonnet));
          fitMessages(request, capabilitiesOf(sonnet), 'm');
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          expect(error.status).toBe(400);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('flags', () => {
  test.each(claudes)('%s: those of the table are taken', (model) => {
    const { betas = [] } = capabilitiesOf(model).messages ?? {};
    expect(betas.filter((flag) => !takesBeta(flag, model, 'invoke'))).toEqual([]);
  });

  test.each(claudes)('%s: whatever is asked for, what is sent is taken', (model) => {
    const asked = simulatedBetas.map(({ flag }) => flag);
    const { native } = fitMessages(requestOf({}, asked), capabilitiesOf(model), model);
    expect(native.betas.filter((flag) => !takesBeta(flag, model, 'invoke'))).toEqual([]);
    expect(native.body.anthropic_beta ?? []).toEqual(native.betas);
  });
});

describe('a path of a refusal', () => {
  test.each<[path: string, member: string | undefined, flags?: string[]]>([
    ['tools.11.custom.defer_loading', 'tools.custom.defer_loading', ['tool-search-tool-2025-10-19']],
    [
      'messages.1.output_config',
      'messages.output_config',
      ['mid-conversation-output-config-2026-07-01', 'per-turn-control-2026-07-01'],
    ],
    ['messages.0.content.2.tool_use.caller', 'messages.content.tool_use.caller'],
    [
      'messages.0.content.2.tool_result.content.0.text.citations',
      'messages.content.tool_result.content.text.citations',
    ],
    [
      'thinking.adaptive.block_binding',
      'thinking.adaptive.block_binding',
      ['thinking-binding-controls-2026-08-01'],
    ],
    ['metadata', 'metadata'],
    ['system.0.cache_control', 'system.cache_control'],
    ['tools.0.custom.input_schema.properties.defer_loading', undefined],
    ['messages.0.content.2.tool_use.input.caller', undefined],
    ['messages.0.content.2.tool_use', undefined],
    ['constructor', undefined],
    ['unheard', undefined],
  ])('%s', (path, member, flags = []) => {
    const found = memberAt(path);
    expect(found?.path).toBe(member);
    expect(found?.flags ?? []).toEqual(flags);
  });

  test('what was refused is not sent again', () => {
    const traits = capabilitiesOf(sonnet).messages!;
    const refused: Partial<Capabilities> = {
      messages: { ...traits, refused: ['metadata', 'messages.content.tool_use.caller'] },
    };
    const call = { type: 'tool_use', id: 'c', name: 'f', input: { caller: 1 }, caller: { type: 'direct' } };
    const messages = [
      { role: 'assistant', content: [call] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c' }] },
    ];
    const request = requestOf({
      messages,
      metadata: { user_id: 'u' },
      tools: [{ name: 'f', input_schema: { type: 'object' } }],
    });
    const { native } = fitMessages(request, capabilitiesOf(sonnet, refused), 'm');
    expect(native.body.metadata).toBeUndefined();
    expect(JSON.stringify(native.body.messages)).toContain('"input":{"caller":1}}');
  });
});

test('the format of an image counts by its bytes where a model has compared them', () => {
  const data =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data } };
  const call = { type: 'tool_use', id: 'c', name: 'f', input: {} };
  const messages = [
    { role: 'user', content: [image] },
    { role: 'assistant', content: [call] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: [image] }] },
  ];
  const request = requestOf({ messages, tools: [{ name: 'f', input_schema: { type: 'object' } }] });
  const sent = (learned: Partial<Capabilities>) =>
    JSON.stringify(fitMessages(request, capabilitiesOf(sonnet, learned), 'm').native.body).match(
      /image\/\w+/g,
    );
  expect(sent({})).toEqual(['image/jpeg', 'image/jpeg']);
  expect(sent({ mediaFormatByBytes: true })).toEqual(['image/png', 'image/png']);
});
