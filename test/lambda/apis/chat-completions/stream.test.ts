import { describe, expect, test } from 'vitest';
import { translateAnswers } from '../../../../lambda/apis/chat-completions/response.ts';
import { ChunkEncoder, closingChunks } from '../../../../lambda/apis/chat-completions/stream.ts';
import type { Telling } from '../../../../lambda/apis/chat-completions/telling.ts';
import { fold } from '../../../../lambda/canonical/fold.ts';
import { deriveStateKey } from '../../../../lambda/canonical/tool-call-state.ts';
import type { ConverseEvent } from '../../../../lambda/canonical/types.ts';
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
  events: ConverseEvent[];
  /** The data of each server-sent event. */
  sse: unknown[];
  /** The same answer in one piece. */
  answer: unknown;
}

const head = { id: 'chatcmpl-1', created: 1, model: 'm' };
const stateKey = deriveStateKey('golden');

function tellingOf({
  custom = [],
  legacy = false,
  hideReasoning = false,
  trace = false,
}: StreamCase['telling'] = {}): Telling {
  return { tools: { custom: new Set(custom), legacy }, hideReasoning, trace, stateKey };
}

function told({ telling: given, events }: StreamCase, batchSize: number): string {
  const telling = tellingOf(given);
  const includeUsage = given?.includeUsage ?? false;
  const encoder = new ChunkEncoder(head, telling, { index: 0, includeUsage });
  let sse = '';
  for (let i = 0; i < events.length; i += batchSize) sse += encoder.push(events.slice(i, i + batchSize));
  return sse + closingChunks([encoder], head, telling, includeUsage);
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
      const answer = translateAnswers([fold(golden.events)], head, tellingOf(golden.telling));
      expect(JSON.parse(JSON.stringify(answer))).toEqual(golden.answer);
    });
  }
});
