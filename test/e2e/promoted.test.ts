import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bundle } from '../../lib/bundle.ts';
import { startSimulator } from '../../local/simulator/index.ts';

const messages = [{ role: 'user', content: 'Tell me a story.' }];
const chat = { messages };
const message = { messages, max_tokens: 100 };
const response = { input: 'Tell me a story.' };

const requests = [
  { path: '/v1/chat/completions', body: { ...chat, model: 'us.amazon.nova-lite-v1:0' } },
  { path: '/v1/messages', body: { ...message, model: 'us.amazon.nova-lite-v1:0' } },
  { path: '/v1/messages', body: { ...message, model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0' } },
  { path: '/v1/responses', body: { ...response, model: 'us.amazon.nova-lite-v1:0' } },
  { path: '/v1/responses', body: { ...response, model: 'openai.gpt-5.6-luna' } },
];

/** The bytes that a stream of each leaves in V8's old space. */
async function left(): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'promoted-'));
  bundle({ outdir: folder });
  const simulator = await startSimulator();
  const environment = {
    PATH: process.env.PATH,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_BEDROCK: simulator.url,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: simulator.url,
    API_KEY: 'sk-test',
    LOG_LEVEL: 'silent',
    STREAMS: JSON.stringify(requests),
  };
  const script = join(import.meta.dirname, 'promoted.ts');
  const args = ['--min-semi-space-size=16', '--max-semi-space-size=16', script, folder];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
  await simulator.close();
  await rm(folder, { recursive: true });
  return stdout.trim().split('\n').map(Number);
}

/**
 * V8 allocates some things in the old space at once: a function literal that is assigned to a property
 * (`this.end = () => …`), the accessors of an object literal. And what is held weakly, as the signals of
 * `AbortSignal.any` are, is kept by all but a major collection. Whatever such a thing reaches survives with it: of a
 * stream everything, 35 KB of it.
 */
test('a stream leaves next to nothing in the old space', async () => {
  const bytes = await left();
  expect(bytes).toHaveLength(requests.length);
  // It is 300 to 600: what is alive in the moment of a collection.
  expect(bytes.filter((each) => each > 4000)).toEqual([]);
});
