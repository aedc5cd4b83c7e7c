import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { rules } from '../../../local/simulator/rules/check.ts';
import { ask, assistant, extra, format, text, user } from './blocks.ts';
import { post } from './helpers.ts';
import { moreRefusals } from './refusal-cases.ts';
import { models, ruleCases } from './rule-cases.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ retired: true });
});
afterAll(() => simulator.close());

async function send(model: string, body: object, streams?: boolean, on = simulator) {
  const { response, bytes } = await post(
    on,
    `/model/${encodeURIComponent(model)}/converse${streams ? '-stream' : ''}`,
    body,
  );
  return {
    status: response.status,
    message: streams && response.ok ? '' : (JSON.parse(bytes.toString()).message ?? ''),
  };
}

describe('every rule refuses one request and accepts another', () => {
  test.each(ruleCases)('$rule', async ({ model, bad, says, good, goodModel, streams, status = 400 }) => {
    const refused = await send(model, bad, streams);
    expect(refused.message).toContain(says);
    expect(refused.status).toBe(status);
    expect(await send(goodModel ?? model, good, streams)).toMatchObject({ status: 200, message: '' });
  });

  test('no rule is without a case, and names are unique', () => {
    const names = rules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(ruleCases.map(({ rule }) => rule))).toEqual(new Set(names));
  });
});

describe('refused as well is', () => {
  test.each(moreRefusals)('%s', async (_, model, body, says) => {
    const { status, message } = await send(model, body);
    expect(message).toContain(says);
    expect(status).toBe(400);
  });
});

describe('the front layer', () => {
  const violation = (value: string, path: string, constraint: string) =>
    `Value '${value}' at '${path}' failed to satisfy constraint: Member must ${constraint}`;

  test('names every violation at once, with paths from 1', async () => {
    const bad = { toolSpec: { name: '', description: '', inputSchema: { json: { type: 'object' } } } };
    const { status, message } = await send(models.haiku45, { messages: ask(), toolConfig: { tools: [bad] } });
    expect(status).toBe(400);
    expect(message).toBe(
      `3 validation errors detected: ${[
        violation(
          '',
          'toolConfig.tools.1.member.toolSpec.name',
          'satisfy regular expression pattern: [a-zA-Z0-9_-]+',
        ),
        violation('', 'toolConfig.tools.1.member.toolSpec.name', 'have length greater than or equal to 1'),
        violation(
          '',
          'toolConfig.tools.1.member.toolSpec.description',
          'have length greater than or equal to 1',
        ),
      ].join('; ')}`,
    );
  });

  test.each<[string, object, string]>([
    [
      'temperature',
      { inferenceConfig: { temperature: 1.5 } },
      violation('1.5', 'inferenceConfig.temperature', 'have value less than or equal to 1'),
    ],
    [
      'maxTokens',
      { inferenceConfig: { maxTokens: 0 } },
      violation('0', 'inferenceConfig.maxTokens', 'have value greater than or equal to 1'),
    ],
    [
      'service tier',
      { serviceTier: { type: 'gold' } },
      violation('gold', 'serviceTier.type', 'satisfy enum value set: [priority, default, flex, reserved]'),
    ],
    [
      'stop sequence',
      { inferenceConfig: { stopSequences: [''] } },
      violation('', 'inferenceConfig.stopSequences.1.member', 'have length greater than or equal to 1'),
    ],
    [
      'response paths',
      { additionalModelResponseFieldPaths: Array(11).fill('/a') },
      'have length less than or equal to 10',
    ],
    [
      'metadata',
      { requestMetadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, 'v'])) },
      'have length less than or equal to 16',
    ],
    ['metadata value', { requestMetadata: { k: 'ü' } }, 'satisfy regular expression pattern'],
    [
      'guardrail version',
      { guardrailConfig: { guardrailIdentifier: 'abc', guardrailVersion: 'one' } },
      'satisfy regular expression pattern',
    ],
    ['tools', { toolConfig: { tools: [] } }, 'have length greater than or equal to 1'],
    [
      'tool name in history',
      { messages: [...ask(), assistant({ toolUse: { toolUseId: 'a', name: 'a b', input: {} } })] },
      violation(
        'a b',
        'messages.2.member.content.1.member.toolUse.name',
        'satisfy regular expression pattern: [a-zA-Z0-9_-]+',
      ),
    ],
    [
      'document name',
      { messages: [user(text('a'), { document: { format: 'txt', source: { text: 'x' } } })] },
      `Value null at 'messages.1.member.content.2.member.document.name'`,
    ],
    [
      'role',
      { messages: [{ role: 'tool', content: [text('a')] }] },
      'satisfy enum value set: [user, assistant, system]',
    ],
  ])('%s', async (_name, body, says) => {
    const { status, message } = await send(models.haiku45, { messages: ask(), ...body });
    expect(message).toContain(says);
    expect(status).toBe(400);
  });

  test.each<[object, string]>([
    [{ messages: 'hi' }, 'Expected list or null'],
    [{ messages: [user({ text: 1 })] }, 'NUMBER_VALUE can not be converted to a String'],
    [{ messages: [user({ text: {} })] }, 'Start of structure or map found where not expected.'],
    [{ messages: ask(), inferenceConfig: { maxTokens: 1.5 } }, 'can not be converted to an Integer'],
  ])('a value of the wrong type is no request at all: %j', async (body, says) => {
    const { response, bytes } = await post(simulator, `/model/${models.nova}/converse`, body);
    expect(response.headers.get('x-amzn-errortype')).toMatch(/^SerializationException:/);
    expect(bytes.toString()).toContain(says);
  });
});

describe('half of a surrogate pair', () => {
  const half = 'a\ud800';
  const schema = `{"type":"object","properties":{"a":{"const":"\\ud800"}},"additionalProperties":false}`;

  test.each<[string, string, object]>([
    ['a system prompt', 'converse', { messages: ask(), system: [text(half)] }],
    ['a name of an argument', 'converse', { messages: ask(), ...extra({ [half]: 1 }) }],
    ['an output schema, as an escape', 'converse', { messages: ask(), ...format(schema) }],
    ['a text to embed', 'invoke', { inputText: half }],
  ])('in %s', async (_where, operation, body) => {
    const model = operation === 'invoke' ? 'amazon.titan-embed-text-v2:0' : models.haiku45;
    const { response, bytes } = await post(simulator, `/model/${model}/${operation}`, body);
    expect(response.status).toBe(400);
    expect(JSON.parse(bytes.toString()).message).toContain('no low surrogate in string');
  });
});

describe('merge mode', () => {
  test('turns of one role become one, and the rules see them merged', async () => {
    const merging = await startSimulator({ strict: false });
    try {
      const messages = [...ask('One'), ...ask('Two')];
      expect((await send(models.haiku45, { messages }, false, merging)).status).toBe(200);
      // Llama wants tool results alone in their turn, which a turn that is merged into theirs breaks.
      const split = [
        ...ask(),
        assistant({ toolUse: { toolUseId: 'a', name: 'x', input: {} } }),
        user({ toolResult: { toolUseId: 'a', content: [{ text: 'y' }] } }),
        ...ask('And?'),
      ];
      const toolConfig = { tools: [{ toolSpec: { name: 'x', inputSchema: { json: { type: 'object' } } } }] };
      const { message } = await send(models.llama, { messages: split, toolConfig }, false, merging);
      expect(message).toContain('cannot be provided in the same turn');
    } finally {
      await merging.close();
    }
  });
});
