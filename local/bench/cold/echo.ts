import type { StreamingRuntime } from '../../../lambda/runtime/execution-mode.ts';

/** The least that a streaming function can be: what the runtime itself costs. */
const runtime = awslambda as unknown as StreamingRuntime;

export const handler = runtime.streamifyResponse(async (_event, raw) => {
  const head = { statusCode: 200, headers: { 'content-type': 'text/event-stream' }, cookies: [] };
  const stream = runtime.HttpResponseStream.from(raw, head);
  stream.write('data: {}\n\n');
  stream.end();
});
