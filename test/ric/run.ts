import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * `npm run test:ric`: the tests of `test/e2e` on aws-lambda-ric, the runtime client that Lambda itself runs,
 * in place of the one in `test/e2e/runtime-client.ts`. Its installation takes a minute, cmake and a compiler.
 */
const folder = fileURLToPath(new URL('.', import.meta.url));
const client = fileURLToPath(new URL('./node_modules/aws-lambda-ric/index.mjs', import.meta.url));
const addon = fileURLToPath(new URL('./node_modules/aws-lambda-ric/rapid-client.node', import.meta.url));
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

function run(command: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(addon)) run('npm', ['ci'], { cwd: folder });
run(process.execPath, [vitest, 'run', 'test/e2e'], {
  env: { ...process.env, LAMBDA_RUNTIME_CLIENT: client },
});
