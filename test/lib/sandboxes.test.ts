import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../lib/bundle.ts';
import { noSandboxes, type Sandboxes, sandboxesFor } from '../../lib/sandboxes.ts';
import { functionStatements, stackFor } from './synth.ts';

describe('the settings decide which sandboxes an artifact has', () => {
  const on = { ENABLE_OPTIMISATION: 'true' };
  test.each<[string, Record<string, string>, Sandboxes]>([
    ['nothing is set', {}, noSandboxes],
    ['techniques are off', { OPTIMISATION_TECHNIQUES: 'z3,executecode' }, noSandboxes],
    ['all techniques are on', on, { program: true, solver: true }],
    ['by the other name', { ENABLE_OPTILLM: 'true' }, { program: true, solver: true }],
    ['some others are on', { ...on, OPTIMISATION_TECHNIQUES: 'bon,re2' }, noSandboxes],
    ['z3 is on', { ...on, OPTIMISATION_TECHNIQUES: 'bon,z3' }, { program: false, solver: true }],
    [
      'executecode is on',
      { ...on, OPTIMISATION_TECHNIQUES: 'executecode' },
      { program: true, solver: false },
    ],
    ['its engine is off', { ...on, EXECUTECODE_ENGINE: 'off' }, { program: false, solver: true }],
  ])('%s', (_, environment, expected) => {
    expect(sandboxesFor(environment)).toEqual(expected);
  });

  test.each([
    [{ optimisation: true, memorySize: 511 }, 1],
    [{ optimisation: true, memorySize: 512 }, 0],
    [{ optimisation: true, optimisationTechniques: ['bon'], memorySize: 256 }, 0],
    [{ memorySize: 256 }, 0],
  ])('a synthesis with %j warns of too little memory for Z3 %i times', (gateway, times) => {
    const warnings = Annotations.fromStack(stackFor(gateway).stack).findWarning(
      '*',
      Match.stringLikeRegexp('gateway.memorySize is .* z3 is on'),
    );
    expect(warnings).toHaveLength(times);
  });
});

describe('the role may ask Amazon Comprehend', () => {
  test.each([
    ['not, unless it is said', {}, 0],
    ['not, where techniques are off', { privacyDetector: 'comprehend' }, 0],
    [
      'not, where privacy is left out',
      { optimisation: true, optimisationTechniques: ['bon'], privacyDetector: 'comprehend' },
      0,
    ],
    ['not, where patterns do', { optimisation: true }, 0],
    ['where it finds names', { optimisation: true, privacyDetector: 'comprehend' }, 1],
    ['in Spanish too', { optimisation: true, privacyDetector: 'comprehend-es' }, 1],
  ])('%s', (_, gateway, count) => {
    const { own, added } = functionStatements<object>(gateway);
    const ours = [...own, ...added].filter((statement) => JSON.stringify(statement).includes('comprehend'));
    expect(ours).toEqual(
      Array(count).fill({
        Sid: 'FindPersonalData',
        Effect: 'Allow',
        Action: 'comprehend:DetectPiiEntities',
        Resource: '*',
      }),
    );
  });
});

describe('the artifact', () => {
  /** Inside the project, so that imports resolve as they do from `lambda/`. */
  const source = mkdtempSync(join(import.meta.dirname, '.sandboxes-'));
  const folder = mkdtempSync(join(tmpdir(), 'sandboxes-'));
  afterAll(() => {
    for (const path of [source, folder]) rmSync(path, { recursive: true });
  });
  const entry = join(source, 'handler.ts');
  writeFileSync(
    entry,
    `export const handler = async () => {
  const [{ loadProgram }, { loadSolver }] = await Promise.all([
    import('../../../lambda/sandbox/program.ts'),
    import('../../../lambda/sandbox/solver.ts'),
  ]);
  const { signal } = new AbortController();
  const said: string[] = [];
  const report = (message: string) => said.push(message);
  const program = await loadProgram(report).catch(() => undefined);
  const solver = await loadSolver(report).catch(() => undefined);
  return [
    (await program?.('console.log(6 * 7)', 5000, signal))?.output,
    await solver?.('(declare-const x Int)(assert (= x 42))(check-sat)(get-value (x))', 5000, signal),
    said,
  ];
};`,
  );

  /** Builds, and returns the digest of each file by its path. */
  function built(name: string, sandboxes?: Sandboxes): Map<string, Buffer> {
    const outdir = join(folder, name);
    bundle({ outdir, entry, ...(sandboxes && { sandboxes }) });
    const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    );
    const paths = files.map((file) => join(file.parentPath, file.name));
    return new Map(paths.map((path) => [relative(outdir, path), readFileSync(path)]));
  }

  const run = (name: string): unknown => {
    const index = JSON.stringify(join(folder, name, 'index.mjs'));
    const script = `import { handler } from ${index}; console.log(JSON.stringify(await handler()));`;
    const args = ['--input-type=module', '-e', script];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', cwd: '/' }));
  };
  const zipped = (files: Map<string, Buffer>): number =>
    [...files.values()].reduce((sum, contents) => sum + gzipSync(contents).length, 0);

  const unpacked = (files: Map<string, Buffer>): number =>
    [...files.values()].reduce((sum, { length }) => sum + length, 0);

  let off: Map<string, Buffer>;
  let some: Map<string, Buffer>;
  beforeAll(() => {
    off = built('off');
    some = built('program', { program: true, solver: false });
  });

  test('has none unless it is said, and runs without', () => {
    const added = /^sandbox\/|z3-solver|quickjs/;
    expect([...off.keys()].filter((path) => added.test(path))).toEqual([]);
    expect(run('off')).toEqual([
      null,
      null,
      ['the sandbox of programs is not here', 'the solver did not start'],
    ]);
  });

  test('has those that are switched on beside files that are the same, and they run away from any other package', () => {
    const all = built('all', { program: true, solver: true });
    for (const [path, contents] of off) expect(all.get(path)?.equals(contents), path).toBe(true);
    expect(run('all')).toEqual(['42', 'sat\n((x 42))\n', []]);
    const docs = readFileSync(join(import.meta.dirname, '../../docs/optimisation.md'), 'utf8');
    const said = (row: RegExp) => 1e6 * Number(row.exec(docs)?.[1]);
    const isAbout = (size: number, megabytes: number) => {
      expect(size).toBeGreaterThan(0.9 * megabytes);
      expect(size).toBeLessThan(1.1 * megabytes);
    };
    isAbout(zipped(some) - zipped(off), said(/^\| `executecode` \| \+ ([\d.]+) MB/m));
    isAbout(zipped(all) - zipped(some), said(/^\| `z3` \| \+ ([\d.]+) MB/m));
    isAbout(unpacked(all) - unpacked(some), said(/^\| `z3` \| .*\(([\d.]+) MB unpacked\)/m));
  });

  test('has only QuickJS where only that is on', () => {
    const added = [...some.keys()].filter((path) => !off.has(path)).sort();
    expect(added).toEqual(['sandbox/program-thread.mjs', 'sandbox/quickjs.wasm']);
    expect(run('program')).toEqual(['42', null, ['the solver did not start']]);
    expect(zipped(some) - zipped(off)).toBeLessThan(350_000);
  });
});
