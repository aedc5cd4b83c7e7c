import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * `npm run test:clients`: client programs as people run them, against the gateway on the simulator. What stands behind
 * it goes to vitest: `npm run test:clients -- claude-code`. The first run installs them, half a gigabyte.
 */
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const [folder, vitest, tsc] = [
  path('.'),
  path('../../node_modules/vitest/vitest.mjs'),
  path('../../node_modules/typescript/bin/tsc'),
];
const venv = path('./python/.venv');

function run(command: string, args: string[], cwd = folder): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(path('./node_modules'))) run('npm', ['ci']);
if (!existsSync(`${venv}/installed`)) {
  run('python3', ['-m', 'venv', '--clear', venv]);
  run(`${venv}/bin/pip`, [
    'install',
    '--quiet',
    '--require-virtualenv',
    '-r',
    path('./python/requirements.txt'),
  ]);
  run('touch', [`${venv}/installed`]);
}
run(process.execPath, [tsc, '--noEmit', '-p', folder]);
run(process.execPath, [vitest, 'run', '--config', path('./vitest.config.ts'), ...process.argv.slice(2)]);
