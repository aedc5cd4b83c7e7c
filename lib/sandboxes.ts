import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readConfig } from '../lambda/config.ts';

/** What of the optimisation techniques is in the artifact only where it can be used: see `lambda/sandbox/`. */
export interface Sandboxes {
  /** QuickJS, for `executecode`: 0.7 MB, 0.3 of the archive. */
  program: boolean;
  /** Z3, for `z3`: 36 MB, 8 of the archive. Lambda fetches the whole archive at a cold start, whether it is loaded or not. */
  solver: boolean;
}

export const noSandboxes: Sandboxes = { program: false, solver: false };

/** Those that a function with this environment can use. Throws ConfigError. */
export function sandboxesFor(environment: Readonly<Record<string, string>>): Sandboxes {
  const { optimisation, optimisationTechniques, executecodeEngine } = readConfig(environment);
  const isOn = (name: 'z3' | 'executecode') => optimisation && optimisationTechniques.includes(name);
  return { program: isOn('executecode') && executecodeEngine === 'quickjs', solver: isOn('z3') };
}

/** The threads to bundle, by their path in the artifact. */
export function threadsOf({ program, solver }: Sandboxes): Record<string, string> {
  return {
    ...(program && { 'sandbox/program-thread': 'sandbox/program-thread.ts' }),
    ...(solver && { 'sandbox/solver-thread': 'sandbox/solver-thread.ts' }),
  };
}

const { resolve } = createRequire(import.meta.url);

/** What is copied as it is, by its path in the artifact. */
export function filesOf({ program, solver }: Sandboxes): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  if (program) files.set('sandbox/quickjs.wasm', readFileSync(resolve('quickjs-wasi/quickjs.wasm')));
  if (solver) {
    // The lower half of the package: what the rest needs of other packages is not needed.
    const folder = dirname(resolve('z3-solver/package.json'));
    const lower = join('build', 'low-level');
    const code = readdirSync(join(folder, lower)).filter((name) => name.endsWith('.js'));
    const names = ['package.json', join('build', 'z3-built.js'), join('build', 'z3-built.wasm')];
    for (const name of [...names, ...code.map((each) => join(lower, each))])
      files.set(join('node_modules', 'z3-solver', name), readFileSync(join(folder, name)));
  }
  return files;
}
