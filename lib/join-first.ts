import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { importedFirst } from './bundle-sizes.ts';

/** What was built: its files by their path below the output folder, which are the metafile's outputs too. */
export interface Built {
  files: Map<string, Uint8Array>;
  metafile: Metafile;
}

type Output = Metafile['outputs'][string];
const entry = 'index.mjs';

/**
 * Joins all that `index.mjs` imports into that one file. What several entries share becomes a chunk of its own
 * in esbuild's splitting, and each of a dozen small files costs a cold start half a millisecond.
 *
 * In:
 *
 *     index.mjs        import { a } from './chunks/A.mjs'; import('./later.mjs'); …
 *     chunks/A.mjs     const a = …; export { a };
 *     later.mjs        import { a } from './chunks/A.mjs'; …
 *
 * Out, where `later.mjs` is the same bytes and every module is still there once:
 *
 *     index.mjs        const a = …; import('./later.mjs'); … export { …, a as c0_a };
 *     chunks/A.mjs     export { c0_a as a } from '../index.mjs';
 *     later.mjs        import { a } from './chunks/A.mjs'; …
 *
 * It is a second pass of esbuild over its own output, from an entry that exports again what each chunk exports;
 * what is loaded later stays external to it. Then the chunks become such lists, and the metafile is put right: the
 * inputs of the joined chunks are `index.mjs`'s. `folder` is where the files are going to be; source maps hold its
 * place.
 */
export function joinFirst(built: Built, folder: string, options: BuildOptions): Built {
  const { inputs, outputs } = built.metafile;
  const chunks = importedFirst(built.metafile).filter((path) => path !== entry);
  const later = [...built.files.keys()].filter(
    (path) => isCode(path) && path !== entry && !chunks.includes(path),
  );
  const names = new Map(
    chunks.map((path, i) => [path, (outputs[path]?.exports ?? []).map((own) => [own, `c${i}_${own}`])]),
  );
  const contents = [
    `export * from './${entry}';`,
    ...[...names].map(
      ([path, pairs]) => `export { ${pairs.map(([own, outer]) => `${own} as ${outer}`)} } from './${path}';`,
    ),
  ].join('\n');
  const joined = withFiles(built.files, folder, (resolveDir) =>
    buildSync({
      ...options,
      stdin: { contents, resolveDir },
      outfile: join(resolveDir, entry),
      external: [...(options.external ?? []), ...later.map((path) => `./${path}`)],
    }),
  );
  const files = new Map(built.files);
  for (const { path, contents } of joined.outputFiles ?? []) files.set(basename(path), contents);
  for (const [path, pairs] of names) {
    const list = pairs.map(([own, outer]) => `${outer} as ${own}`);
    files.set(path, Buffer.from(`export{${list}}from"../${entry}";\n`));
    files.delete(`${path}.map`);
  }
  const joinedOutputs = { [entry]: sum([entry, ...chunks].map((path) => outputs[path]!)) };
  const lists = chunks.map((path) => [path, { ...outputs[path]!, inputs: {}, imports: [] }]);
  const all: Metafile['outputs'] = { ...outputs, ...joinedOutputs, ...Object.fromEntries(lists) };
  for (const [path, output] of Object.entries(all)) output.bytes = files.get(path)?.length ?? 0;
  return { files, metafile: { inputs, outputs: all } };
}

const isCode = (path: string) => path.endsWith('.mjs');

/** Runs `work` in a folder beside the one where the files are going to be, which holds them and their maps. */
function withFiles<T>(files: Built['files'], folder: string, work: (path: string) => T): T {
  const path = mkdtempSync(join(dirname(folder), '.join-'));
  try {
    for (const [name, contents] of files) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      const map = isCode(name) ? `\n//# sourceMappingURL=${basename(name)}.map\n` : '';
      writeFileSync(file, Buffer.concat([contents, Buffer.from(map)]));
    }
    return work(path);
  } finally {
    rmSync(path, { recursive: true });
  }
}

/** The parts of several outputs as one, which no longer imports the others. */
function sum(parts: Output[]): Output {
  const inputs: Output['inputs'] = {};
  for (const part of parts) {
    for (const [path, { bytesInOutput }] of Object.entries(part.inputs)) {
      inputs[path] = { bytesInOutput: (inputs[path]?.bytesInOutput ?? 0) + bytesInOutput };
    }
  }
  const imports = parts.flatMap((part) => part.imports.filter(({ kind }) => kind === 'dynamic-import'));
  return { ...parts[0]!, inputs, imports };
}
