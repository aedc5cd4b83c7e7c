import { setTimeout as sleep } from 'node:timers/promises';
import { deltas, type Ending, type Part } from './mix.ts';

const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

/** What came of a stream: its ending, and why it is not the one that it should have had. */
export interface Result {
  ending: Ending;
  wrong?: string;
  /** It failed, and told the client that it had succeeded. */
  falseSuccess: boolean;
}

export interface Gateway {
  url: string;
  apiKey: string;
}

/** Opens one stream, and reads it to its end or leaves it half-way. */
export async function openStream({ url, apiKey }: Gateway, part: Part): Promise<Result> {
  const client = new AbortController();
  const prompt = [{ role: 'user', content: `${part.how} Go on.` }];
  const body = { model, stream: true, messages: part.messages?.(apiKey) ?? prompt };
  try {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: client.signal,
    });
    if (part.ending === 'left' && response.ok) {
      await Promise.all([response.body?.getReader().read(), sleep(500)]);
      client.abort();
      return { ending: 'left', falseSuccess: false };
    }
    return judge(part, response.status, await response.text());
  } catch (error) {
    return { ending: 'failed', wrong: `the connection broke: ${String(error)}`, falseSuccess: false };
  }
}

function judge(part: Part, status: number, body: string): Result {
  const claims = body.includes('[DONE]') || /"finish_reason":"/.test(body);
  const errors = body.split('"error":{').length - 1;
  const ending: Ending = status !== 200 ? 'refused' : claims && errors === 0 ? 'complete' : 'failed';
  const falseSuccess = part.ending !== 'complete' && claims;
  const told = body.match(/word\d+/g)?.length ?? 0;
  const wrong =
    ending !== part.ending
      ? `${part.how} was ${ending} with status ${status}: ${body.slice(-300)}`
      : ending !== 'complete' && errors !== 1
        ? `${part.how} told of ${errors} errors`
        : ending === 'complete' && told !== deltas
          ? `${part.how} told ${told} of ${deltas} deltas`
          : undefined;
  return { ending, falseSuccess, ...(wrong && { wrong }) };
}
