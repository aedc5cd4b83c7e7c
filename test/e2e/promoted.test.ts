import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bundle } from '../../lib/bundle.ts';
import { startSimulator } from '../../local/simulator/index.ts';

/**
 * V8 allocates some things in the old space at once: a function literal that is assigned to a property
 * (`this.end = () => …`), the accessors of an object literal. And what is held weakly, as the signals of
 * `AbortSignal.any` are, is kept by all but a major collection. Whatever such a thing reaches survives with it: of a
 * stream everything, 20 KB of it.
 */
test('a stream leaves next to nothing in the old space', async () => {
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
  };
  const script = join(import.meta.dirname, 'promoted.ts');
  const args = ['--min-semi-space-size=16', '--max-semi-space-size=16', script, folder, '1000'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
  await simulator.close();
  await rm(folder, { recursive: true });
  // What is alive in the moment of a collection makes up one or two of them, and more on a busy machine; what is kept is
  // 20,000.
  expect(Number(stdout)).toBeLessThan(8000);
});
