import type { Reply, Step } from './operation.ts';

/** A plain JSON answer. Converse sends its keys in alphabetical order; InvokeModel keeps the model's own (recorded). */
export function jsonReply(body: unknown, headers: Record<string, string> = {}, status = 200): Reply {
  const bytes = Buffer.from(JSON.stringify(body));
  return { status, headers: { 'content-type': 'application/json', ...headers }, steps: [{ bytes }] };
}

/** An event stream. `steps` is pulled one at a time, as fast as the client reads. */
export function streamReply(steps: Iterable<Step>, headers: Record<string, string> = {}): Reply {
  return {
    status: 200,
    headers: { 'content-type': 'application/vnd.amazon.eventstream', ...headers },
    steps,
  };
}

/** A chunk of InvokeModelWithResponseStream: the model's own JSON, base64 in `bytes`. */
export function chunk(native: unknown): Step {
  return { event: 'chunk', payload: { bytes: Buffer.from(JSON.stringify(native)).toString('base64') } };
}
