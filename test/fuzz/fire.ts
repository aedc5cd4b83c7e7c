import type { Gateway } from '../../lambda/gateway.ts';
import type { Shot } from './bodies.ts';

/** Sends one body to the app, in this process, and says what is wrong with the answer; undefined: nothing. */
export async function fire(gateway: Gateway, apiKey: string, shot: Shot): Promise<string | undefined> {
  const response = await gateway.fetch(
    new Request('http://localhost/v1/chat/completions', {
      method: 'POST',
      headers: { ...shot.headers, authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: shot.body,
    }),
  );
  const text = await response.text();
  const said = `${response.status} ${text.slice(0, 500)}`;
  if (response.status === 500) return said;
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  const isFault = isStream ? faultOfStream(text) : faultOfBody(text, response.status);
  return isFault ? said : undefined;
}

/** Neither of the two has an answer that clients can read, or it is an error of the gateway's own. */
function faultOfBody(text: string, status: number): boolean {
  const body = parsed(text);
  if (status === 200) return !Array.isArray(body?.choices);
  const error = body?.error as Record<string, unknown> | undefined;
  return typeof error?.message !== 'string' || error.code === 'internal_error';
}

function faultOfStream(text: string): boolean {
  const events = text.split('\n\n').filter((event) => event !== '' && !event.startsWith(':'));
  const last = events.at(-1);
  if (!last || !text.endsWith('\n\n')) return true;
  const bodies = events.map((event) => parsed(event.replace(/^data: /, '')));
  const errors = bodies.filter((body) => body?.error);
  if (JSON.stringify(errors).includes('internal_error')) return true;
  if (last === 'data: [DONE]') return errors.length > 0 || bodies.slice(0, -1).includes(undefined);
  return errors.length !== 1 || bodies.includes(undefined);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
