import type { Answer } from '../../../test/e2e/answer.ts';
import { type Lambda, startLambda } from '../../../test/e2e/lambda.ts';

export interface Start {
  /** Milliseconds from the start of the process until the first byte of its first event. */
  firstByte: number;
  /** Milliseconds until the first byte of a second request to the same process. */
  warm: number;
}

const request = {
  path: '/v1/chat/completions',
  body: {
    model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    stream: true,
    messages: [{ role: 'user', content: 'Hello' }],
  },
};

/** Starts the function of a folder in a new process, asks it twice, and ends it. Rejects with its output. */
export async function timeStart(
  folder: string,
  environment: Record<string, string>,
  key: string,
): Promise<Start> {
  const chat = { ...request, headers: { authorization: `Bearer ${key}` } };
  const began = performance.now();
  const lambda = await startLambda(folder, environment);
  try {
    const firstByte = (await firstEvent(lambda, lambda.request(chat))) - began;
    const again = performance.now();
    const warm = (await firstEvent(lambda, lambda.request(chat))) - again;
    return { firstByte, warm };
  } finally {
    await lambda.stop();
  }
}

/** When the first event was there; the answer is read to its end. */
async function firstEvent(lambda: Lambda, answer: Answer): Promise<number> {
  const died = lambda.exited.then(() => {
    throw new Error(`The function ended:\n${lambda.output()}`);
  });
  const body = await Promise.race([answer.bodyWith('data: '), died]);
  const at = performance.now();
  if (/^data: \{"error"/m.test(body)) throw new Error(`The function failed: ${body}\n${lambda.output()}`);
  await answer.end();
  return at;
}
