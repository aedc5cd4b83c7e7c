import { describe, expect, test } from 'vitest';
import { ChunkEncoder } from '../../../../lambda/apis/chat-completions/encoder.ts';
import { closingChunks } from '../../../../lambda/apis/chat-completions/encoder-end.ts';
import type { Rendering } from '../../../../lambda/apis/chat-completions/rendering.ts';
import { translateAnswers } from '../../../../lambda/apis/chat-completions/response.ts';
import { deriveStateKey } from '../../../../lambda/auth/state-key.ts';
import { fold } from '../../../../lambda/canonical/fold.ts';
import type { Intent } from '../../../../lambda/canonical/request.ts';
import type { ConverseEvent, Message } from '../../../../lambda/canonical/types.ts';
import type { Restore } from '../../../../lambda/fit/types.ts';
import { capabilitiesOf } from '../../../../lambda/models/families/capabilities-of.ts';
import { fit as fitTo } from '../../../support/fit.ts';
import { goldenCases } from '../../../support/golden.ts';

interface StreamCase {
  note: string;
  telling?: {
    custom?: string[];
    legacy?: boolean;
    hideReasoning?: boolean;
    trace?: boolean;
    includeUsage?: boolean;
  };
  /** Whose answer it is, where that matters: what was asked of it is undone on the way. */
  model?: string;
  /** Names of the client's tools. */
  tools?: string[];
  intent?: Intent;
  /** The conversation holds a call of `get_weather` already. */
  history?: boolean;
  events: ConverseEvent[];
  /** The data of each server-sent event. */
  sse: unknown[];
  /** The same answer in one piece. */
  answer: unknown;
}

const head = { id: 'chatcmpl-1', created: 1, model: 'm' };
const stateKey = deriveStateKey('golden');

function renderingOf({
  custom = [],
  legacy = false,
  hideReasoning = false,
  trace = false,
}: StreamCase['telling'] = {}): Rendering {
  return { tools: { custom: new Set(custom), legacy }, hideReasoning, trace, stateKey };
}

const call = { toolUse: { toolUseId: 'h', name: 'get_weather', input: {} } };
const result = { toolResult: { toolUseId: 'h', content: [] } };

/** The way back of a request to the case's model. */
function restoreOf({ model, tools = [], intent = {}, history = false }: StreamCase): Restore | undefined {
  if (!model) return undefined;
  const messages: Message[] = [{ role: 'user', content: [{ text: 'Hi' }] }];
  if (history) messages.push({ role: 'assistant', content: [call] }, { role: 'user', content: [result] });
  const specs = tools.map((name) => ({ toolSpec: { name, inputSchema: { json: { type: 'object' } } } }));
  const converse = { messages, ...(specs.length > 0 && { toolConfig: { tools: specs } }) };
  return fitTo({ model, converse, intent }, capabilitiesOf(model)).restore;
}

function told(golden: StreamCase, batchSize: number): string {
  const { telling: given, events } = golden;
  const rendering = renderingOf(given);
  const includeUsage = given?.includeUsage ?? false;
  const encoder = new ChunkEncoder(head, rendering, { index: 0, includeUsage });
  const restore = restoreOf(golden)?.events() ?? ((batch) => batch);
  let sse = '';
  for (let i = 0; i < events.length; i += batchSize) {
    sse += encoder.push(restore(events.slice(i, i + batchSize)));
  }
  return sse + closingChunks([encoder], head, rendering, includeUsage);
}

const dataOf = (sse: string) =>
  sse
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.slice('data: '.length))
    .map((data) => (data === '[DONE]' ? data : JSON.parse(data)));

describe('Bedrock’s events become chunks, and the same answer one completion', () => {
  for (const { name, case: golden } of goldenCases<StreamCase>('chat-completions/stream')) {
    test(`${name} [chunks]`, () => {
      expect(dataOf(told(golden, golden.events.length))).toEqual(golden.sse);
      expect(told(golden, 1)).toBe(told(golden, golden.events.length));
    });
    test(`${name} [in one piece]`, () => {
      const folded = fold(golden.events);
      const restored = restoreOf(golden)?.answer(folded) ?? folded;
      const answer = translateAnswers([restored], head, renderingOf(golden.telling));
      expect(JSON.parse(JSON.stringify(answer))).toEqual(golden.answer);
    });
  }
});
