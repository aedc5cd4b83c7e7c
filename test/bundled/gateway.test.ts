import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../local/simulator/index.ts';
import { haiku } from '../support/chat.ts';
import { artifactIn, buildArtifact } from './artifact.ts';
import { type Front, startFront } from './front.ts';

/** The deployed function behind its front. `npm run test:bundled` asks it everything else. */

let built: ReturnType<typeof buildArtifact>;
let simulator: Simulator;
let front: Front;
let logs: Record<string, unknown>[];
beforeAll(async () => {
  built = buildArtifact();
  simulator = await startSimulator();
  logs = [];
  front = await startFront({
    artifact: artifactIn(built.root),
    environment: () => ({
      API_KEY: 'sk-test-key',
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'test-secret',
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: simulator.url,
      AWS_ENDPOINT_URL_BEDROCK: simulator.url,
    }),
    onLine: (line) => logs.push(JSON.parse(line)),
  });
});
afterAll(async () => {
  await front.close();
  await simulator.close();
  built.remove();
});

const ask = (prompt: string, more: object, signal?: AbortSignal) =>
  fetch(`${front.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-api-key': 'sk-test-key', 'content-type': 'application/json' },
    body: JSON.stringify({ model: haiku, messages: [{ role: 'user', content: prompt }], ...more }),
    ...(signal && { signal }),
  });

test.each([
  ['in one piece', '[[slow:150]] Hello', { stream: false }],
  ['streamed', '[[slow:20]] Hello', { stream: true }],
  ['streamed, of three', '[[slow:20]] Hello', { stream: true, n: 3 }],
])('an answer runs to its end, and is counted, when its client has left: %s', async (_, prompt, more) => {
  logs.length = 0;
  simulator.reset();
  const client = new AbortController();
  const asked = ask(prompt, more, client.signal);
  await expect.poll(() => simulator.calls.length).toBeGreaterThan(0);
  client.abort();
  await expect(asked.then((response) => response.text())).rejects.toThrow();
  await expect
    .poll(() => logs, { timeout: 15_000 })
    .toEqual([
      expect.objectContaining({ message: 'request', status: 200, outputTokens: expect.any(Number) }),
    ]);
  expect(logs[0]).not.toHaveProperty('errorReason');
  expect(simulator.calls.every(({ done, aborted }) => done && !aborted)).toBe(true);
});
