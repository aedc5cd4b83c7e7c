import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
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
 * in esbuild's splitting, and each of a dozen small files costs half a millisecond: of the cold start, and again of
 * the first request for which something is loaded that imports them.
 *
 * In:
 *
 *     index.mjs           import { a } from './chunks/A.mjs'; import('./chunks/later.mjs'); …
 *     chunks/A.mjs        const a = …; export { a };
 *     chunks/later.mjs    import { a } from './A.mjs'; …
 *
 * Out, where every module is still there once:
 *
 *     index.mjs           const a = …; import('./chunks/later.mjs'); … export { …, a as c0_a };
 *     chunks/later.mjs    import { c0_a as a } from '../index.mjs'; …
 *
 * Two more passes of esbuild over its own output do it. The first has an entry that exports again what each chunk
 * exports; what is loaded later stays external to it. The second is over what is loaded later, with a list of such
 * exports in place of each chunk. Then the metafile is put right: the inputs of the joined chunks are
 * `index.mjs`'s. `folder` is where the files are going to be; source maps hold its place.
 */
export function joinFirst(built: Built, folder: string, options: BuildOptions): Built {
  const { inputs, outputs } = built.metafile;
  const chunks = importedFirst(built.metafile).filter((path) => path !== entry);
  const later = [...built.files.keys()].filter(
    (path) => isCode(path) && path !== entry && !chunks.includes(path),
  );
  const exported = new Map(chunks.map((path, i) => [path, exportsOf(outputs[path], `c${i}`)]));
  const contents = [
    `export * from './${entry}';`,
    ...[...exported].map(
      ([path, pairs]) => `export { ${pairs.map(([own, outer]) => `${own} as ${outer}`)} } from './${path}';`,
    ),
  ].join('\n');
  const joined = rebuilt(built.files, folder, later, (resolveDir) => ({
    ...options,
    stdin: { contents, resolveDir },
    outfile: join(resolveDir, entry),
  }));
  // In place of each chunk a list that shows the others where in `index.mjs` to find what it had.
  const lists = [...exported].map(([path, pairs]): [string, Uint8Array] => [
    path,
    Buffer.from(`export { ${pairs.map(([own, outer]) => `${outer} as ${own}`)} } from '../${entry}';`),
  ]);
  const relinked = rebuilt(new Map([...built.files, ...lists]), folder, [entry, ...later], (resolveDir) => ({
    ...options,
    entryPoints: later.map((path) => join(resolveDir, path)),
    // Where all of them are: what they import is written as seen from there.
    outdir: join(resolveDir, 'chunks'),
    outbase: join(resolveDir, 'chunks'),
  }));
  const files = new Map([...joined, ...relinked]);
  const all: Metafile['outputs'] = { [entry]: sum([entry, ...chunks].map((path) => outputs[path]!)) };
  for (const path of files.keys()) {
    if (path !== entry) all[path] = relinkedOutput(outputs[path]!, chunks);
  }
  for (const [path, output] of Object.entries(all)) output.bytes = files.get(path)?.length ?? 0;
  return { files, metafile: { inputs, outputs: all } };
}

const isCode = (path: string) => path.endsWith('.mjs');

/** What a chunk exports, and what `index.mjs` calls it. */
const exportsOf = (output: Output | undefined, prefix: string) =>
  (output?.exports ?? []).map((own) => [own, `${prefix}_${own}`] as const);

/** Imports of a chunk that was joined are imports of `index.mjs`. */
function relinkedOutput(output: Output, chunks: readonly string[]): Output {
  const imports = output.imports.map((each) =>
    chunks.includes(each.path) ? { ...each, path: entry } : each,
  );
  return { ...output, imports };
}

/**
 * Bundles `files` once more, in a folder beside the one where they are going to be; `kept` stay files of their own.
 * Returns what came of it, by the path below that folder.
 */
function rebuilt(
  files: Built['files'],
  folder: string,
  kept: readonly string[],
  optionsIn: (resolveDir: string) => BuildOptions,
): Built['files'] {
  return withFiles(files, folder, (resolveDir) => {
    const options = optionsIn(resolveDir);
    const external = kept.map((path) => join(resolveDir, path));
    const { outputFiles = [] } = buildSync({
      ...options,
      external: [...(options.external ?? []), ...external],
    });
    return new Map(outputFiles.map(({ path, contents }) => [relative(resolveDir, path), contents]));
  });
}

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
