import type { ConverseEvent } from '../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import type { Connection, Question } from '../../../local/chat/connection.ts';

/** What the model does with one question: fails at once, answers, or breaks off after some text. */
export type Script = { refuse: string } | { say: string; usd?: string; breakOff?: boolean };

export interface ScriptedConnection extends Connection {
  questions: Question[];
  script: Script[];
}

export const textEvent = (text: string, contentBlockIndex = 0): ConverseEvent => ({
  contentBlockDelta: { contentBlockIndex, delta: { text } },
});

/** A connection that does as it is told, question by question. */
export function scriptedConnection(...script: Script[]): ScriptedConnection {
  const questions: Question[] = [];
  return {
    name: 'a script',
    questions,
    script,
    async ask(question) {
      questions.push(question);
      const step = script.shift();
      if (!step) throw new Error('the script has come to its end');
      if ('refuse' in step) throw failure(step.refuse);
      return {
        model: question.model,
        modelId: question.model,
        region: 'us-east-1',
        steps: [],
        warnings: [],
        ignored: [],
        events: eventsOf(step),
        spent: async () => ({
          tokens: { input: 10, output: 5, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 },
          estimated: step.breakOff ?? false,
          cost: step.usd === undefined ? { unknown: 'no price of the model is known' } : { usd: step.usd },
        }),
      };
    },
    models: async () => ['us.amazon.nova-lite-v1:0', 'us.amazon.nova-pro-v1:0', 'amazon.nova-lite-v1:0'],
    close: async () => {},
  };
}

async function* eventsOf({
  say,
  breakOff,
}: Extract<Script, { say: string }>): AsyncGenerator<ConverseEvent[]> {
  yield [textEvent(say)];
  if (breakOff) throw failure('Rate limit reached.');
  yield [{ messageStop: { stopReason: 'end_turn' } }];
}

const failure = (message: string) => new GatewayError({ status: 429, reason: 'throttled', message });
