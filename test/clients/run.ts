import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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

function run(command: string, args: string[], cwd = folder): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Installs what a list names, unless that very list is installed already. */
function install(list: string, installed: string, how: () => void): void {
  const wanted = readFileSync(path(list), 'utf8');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return;
  how();
  writeFileSync(installed, wanted);
}

install('./package-lock.json', path('./node_modules/installed'), () => run('npm', ['ci']));
install('./connect/package.json', path('./connect/node_modules/installed'), () =>
  run('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund'], path('./connect')),
);
// aider pins what the other clients have newer.
for (const python of ['./python', './python/aider']) {
  const [list, venv] = [`${python}/requirements.txt`, path(`${python}/.venv`)];
  install(list, `${venv}/installed`, () => {
    run('python3', ['-m', 'venv', '--clear', venv]);
    run(`${venv}/bin/pip`, ['install', '--quiet', '--require-virtualenv', '-r', path(list)]);
  });
}
run(process.execPath, [tsc, '--noEmit', '-p', folder]);
run(process.execPath, [vitest, 'run', '--config', path('./vitest.config.ts'), ...process.argv.slice(2)]);
