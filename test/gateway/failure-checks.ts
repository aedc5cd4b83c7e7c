import OpenAI from 'openai';
import { expect } from 'vitest';
import type { Stack } from '../support/stack.ts';
import type { Place, Told } from './failure-cases.ts';

const claude = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

export const request = (prompt: string, stream: boolean, model = claude) => ({
  model,
  stream,
  messages: [{ role: 'user' as const, content: `${prompt} Tell me about the sea.` }],
});

/** The class that the `openai` package raises for a status; of 500 and more it is one. */
const classOf: Record<number, abstract new (...args: never[]) => Error> = {
  400: OpenAI.BadRequestError,
  403: OpenAI.PermissionDeniedError,
  404: OpenAI.NotFoundError,
  409: OpenAI.ConflictError,
  429: OpenAI.RateLimitError,
};

/** What makes coding agents shorten the conversation: only an error about its length may say so. */
const overflowWords = /(prompt|input) is too long|too many tokens|context.length|reduce the length/i;

/** How the whole matrix went. */
export const figures = { cases: 0, falseSuccesses: 0 };

/** One failure in one place. */
export interface Strike {
  place: Place;
  how: string;
  told: Told;
  model?: string;
}

/** One failure as seen on the socket and by the `openai` package. */
export async function checkFailure(stack: Stack, { place, how, told, model }: Strike): Promise<void> {
  figures.cases += 1;
  figures.falseSuccesses += (await claimsSuccess(stack, { place, how, told, model })) ? 1 : 0;
  const response = await stack.post('/chat/completions', request(how, place !== 'whole', model));
  const body = await response.text();
  if (place === 'mid') expectErrorEvent(response, body, told);
  else expectEnvelope(response, body, told);
  expect(body).not.toMatch(/arn:aws|AKIA/);
  expect(overflowWords.test(body)).toBe(told.code === 'context_length_exceeded');
}

function expectEnvelope(response: Response, body: string, { status, type, code, retryAfterMs }: Told): void {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/json');
  // The source's own, or Lambda's.
  expect(response.headers.get('x-request-id')).toMatch(/^(req_\w{32}|[\da-f-]{36})$/);
  const seconds = retryAfterMs === undefined ? null : String(Math.ceil(retryAfterMs / 1000));
  expect(response.headers.get('retry-after')).toBe(seconds);
  expect(response.headers.get('retry-after-ms')).toBe(
    retryAfterMs === undefined ? null : String(retryAfterMs),
  );
  expect(response.headers.get('x-should-retry')).toBe(code === 'insufficient_quota' ? 'false' : null);
  const { error, ...rest } = JSON.parse(body);
  expect(rest).toEqual({});
  expect(Object.keys(error)).toEqual(['message', 'type', 'param', 'code']);
  expect(error).toMatchObject({ type, code });
  expect(error.message.length).toBeGreaterThan(10);
}

/** Some of the answer, one error, and an orderly end that claims nothing. */
function expectErrorEvent(response: Response, body: string, { type, code }: Told): void {
  expect(response.status).toBe(200);
  expect(body.endsWith('\n\n')).toBe(true);
  expect(body).not.toContain('[DONE]');
  const events = body
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => JSON.parse(event.slice('data: '.length)));
  expect(events.filter((event) => 'error' in event)).toHaveLength(1);
  expect(Object.keys(events.at(-1))).toEqual(['error']);
  expect(events.at(-1).error).toMatchObject({ type, code });
  const chunks = events.slice(0, -1);
  expect(chunks.length).toBeGreaterThan(1);
  for (const chunk of chunks) expect(chunk.choices[0].finish_reason).toBeNull();
}

/** Whether the `openai` package takes the answer for a success. It must throw, and know what it throws. */
async function claimsSuccess({ openai }: Stack, { place, how, told, model }: Strike): Promise<boolean> {
  const { stream: _, ...params } = request(how, false, model);
  try {
    if (place === 'whole') await openai.chat.completions.create(params);
    else for await (const _chunk of await openai.chat.completions.create({ ...params, stream: true }));
    return true;
  } catch (error) {
    const Raised = place === 'mid' ? OpenAI.APIError : (classOf[told.status] ?? OpenAI.InternalServerError);
    expect(error).toBeInstanceOf(Raised);
    expect(error).toMatchObject({ type: told.type, code: told.code });
    return false;
  }
}
