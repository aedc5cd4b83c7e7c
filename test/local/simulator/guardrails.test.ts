import {
  ApplyGuardrailCommand,
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandInput,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { nova, runtime } from './helpers.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const guardrailConfig = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
const word = 'the forbidden word';
const text = (text: string): ContentBlock.TextMember => ({ text });
const marked = (text: string): ContentBlock.GuardContentMember => ({ guardContent: { text: { text } } });
const user = (...content: ContentBlock[]) => ({ role: 'user' as const, content });
const assistant = (...content: ContentBlock[]) => ({ role: 'assistant' as const, content });

async function intervenes(request: Omit<ConverseCommandInput, 'modelId' | 'guardrailConfig'>) {
  const command = new ConverseCommand({ modelId: nova, guardrailConfig, ...request });
  return (await runtime(simulator).send(command)).stopReason === 'guardrail_intervened';
}

const call = { toolUseId: 't', name: 'f' };
const tools = (description: string) => ({
  tools: [{ toolSpec: { name: 'f', description, inputSchema: { json: { type: 'object' } } } }],
});
const result = user({ toolResult: { toolUseId: 't', content: [{ text: word }] } });

describe('what a guardrail looks at in a conversation', () => {
  test.each<[string, Parameters<typeof intervenes>[0], boolean]>([
    ['what the user says', { messages: [user(text(word))] }, true],
    ['an earlier turn', { messages: [user(text(word)), assistant(text('Yes?')), user(text('Go on'))] }, true],
    [
      'what the assistant said',
      { messages: [user(text('Hi')), assistant(text(word)), user(text('Go on'))] },
      true,
    ],
    ['a marked text', { messages: [user(marked(word))] }, true],
    ['beside a marked text', { messages: [user(marked('Hi'), text(word))] }, false],
    [
      'after a turn with a mark',
      { messages: [user(marked('Hi')), assistant(text('Yes?')), user(text(word))] },
      false,
    ],
    [
      'a marked text of an earlier turn',
      { messages: [user(marked(word)), assistant(text('Yes?')), user(text('Go'))] },
      true,
    ],
    ['the system prompt', { messages: [user(text('Hi'))], system: [{ text: word }] }, false],
    [
      'a marked system prompt',
      { messages: [user(text('Hi'))], system: [{ guardContent: { text: { text: word } } }] },
      true,
    ],
    [
      'messages beside a marked system prompt',
      { messages: [user(text(word))], system: [{ guardContent: { text: { text: 'Be brief.' } } }] },
      true,
    ],
    ['the definition of a tool', { messages: [user(text('Hello'))], toolConfig: tools(word) }, false],
    [
      'the result of a tool',
      {
        messages: [user(text('Hi')), assistant({ toolUse: { ...call, input: {} } }), result],
        toolConfig: tools('d'),
      },
      false,
    ],
    [
      'the arguments of a call',
      {
        messages: [
          user(text('Hi')),
          assistant({ toolUse: { ...call, input: { q: word } } }),
          user({ toolResult: { toolUseId: 't', content: [{ text: 'x' }] } }),
        ],
        toolConfig: tools('d'),
      },
      false,
    ],
  ])('%s', async (_, request, expected) => {
    expect(await intervenes(request)).toBe(expected);
  });
});

describe('what a guardrail looks at in the body of a model', () => {
  const model = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/c3d4e5f6a7b8';
  const tag = (suffix: string, inside: string) =>
    `<amazon-bedrock-guardrails-guardContent_${suffix}>${inside}</amazon-bedrock-guardrails-guardContent_${suffix}>`;
  const settings = { 'amazon-bedrock-guardrailConfig': { tagSuffix: 'abc' } };

  test.each<[string, object, boolean]>([
    ['everything', { messages: [{ role: 'user', content: word }] }, true],
    [
      'the system prompt too',
      {
        messages: [
          { role: 'system', content: word },
          { role: 'user', content: 'Hi' },
        ],
      },
      true,
    ],
    [
      'not the results of tools',
      {
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'tool', content: word },
        ],
      },
      false,
    ],
    [
      'nothing beside tags',
      { ...settings, messages: [{ role: 'user', content: `${tag('abc', 'Hi')} ${word}` }] },
      false,
    ],
    ['what stands in tags', { ...settings, messages: [{ role: 'user', content: tag('abc', word) }] }, true],
    ['everything where there is no tag', { ...settings, messages: [{ role: 'user', content: word }] }, true],
    [
      'everything where tags have another suffix',
      { ...settings, messages: [{ role: 'user', content: `${tag('x', 'Hi')} ${word}` }] },
      true,
    ],
    [
      'everything where no suffix is named',
      { messages: [{ role: 'user', content: `${tag('abc', 'Hi')} ${word}` }] },
      true,
    ],
  ])('%s', async (_, body, expected) => {
    const { body: answer } = await runtime(simulator).send(
      new InvokeModelCommand({ modelId: model, body: JSON.stringify(body), ...guardrailConfig }),
    );
    const action = JSON.parse(Buffer.from(answer!).toString())['amazon-bedrock-guardrailAction'];
    expect(action).toBe(expected ? 'INTERVENED' : 'NONE');
  });
});

describe('ApplyGuardrail', () => {
  const apply = (text: string, more: object = guardrailConfig) =>
    runtime(simulator).send(
      new ApplyGuardrailCommand({
        ...guardrailConfig,
        ...more,
        source: 'INPUT',
        content: [{ text: { text } }],
      }),
    );

  test('blocks, masks, or lets pass', async () => {
    expect(await apply(`Say ${word}`)).toMatchObject({
      action: 'GUARDRAIL_INTERVENED',
      outputs: [{ text: expect.stringContaining('blocked') }],
      assessments: [{ topicPolicy: { topics: [{ action: 'BLOCKED' }] } }],
    });
    expect(await apply('a confidential name')).toMatchObject({
      action: 'GUARDRAIL_INTERVENED',
      outputs: [{ text: 'a {NAME} name' }],
      assessments: [{ sensitiveInformationPolicy: { piiEntities: [{ action: 'ANONYMIZED' }] } }],
    });
    expect(await apply('Hello')).toMatchObject({ action: 'NONE', outputs: [] });
  });

  test('by ARN, and of the draft', async () => {
    const guardrailIdentifier = 'arn:aws:bedrock:us-east-1:123456789012:guardrail/abc123';
    expect(await apply('Hello', { guardrailIdentifier, guardrailVersion: 'DRAFT' })).toMatchObject({
      action: 'NONE',
    });
    expect(simulator.calls.at(-1)).toMatchObject({ operation: 'ApplyGuardrail', status: 200 });
  });
});

describe('a guardrail that does not exist', () => {
  const refusal = {
    name: 'ValidationException',
    message: 'The guardrail identifier or version provided in the request does not exist.',
  };
  test.each([
    ['id', { guardrailIdentifier: 'nobodys', guardrailVersion: '1' }],
    ['version', { guardrailIdentifier: 'abc123', guardrailVersion: '9' }],
    [
      'account',
      {
        guardrailIdentifier: 'arn:aws:bedrock:us-east-1:999999999999:guardrail/abc123',
        guardrailVersion: '1',
      },
    ],
  ])('by its %s', async (_, guardrail) => {
    const client = runtime(simulator);
    const converse = new ConverseCommand({
      modelId: nova,
      messages: [user(text('Hi'))],
      guardrailConfig: guardrail,
    });
    await expect(client.send(converse)).rejects.toMatchObject(refusal);
    const invoke = new InvokeModelCommand({
      modelId: nova,
      body: '{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}',
      ...guardrail,
    });
    await expect(client.send(invoke)).rejects.toMatchObject(refusal);
    const apply = new ApplyGuardrailCommand({
      ...guardrail,
      source: 'INPUT',
      content: [{ text: { text: 'Hi' } }],
    });
    await expect(client.send(apply)).rejects.toMatchObject(refusal);
  });

  test('in this region', async () => {
    const client = runtime(simulator, { region: 'eu-west-1' });
    const converse = new ConverseCommand({ modelId: nova, messages: [user(text('Hi'))], guardrailConfig });
    await expect(client.send(converse)).rejects.toMatchObject(refusal);
  });
});
