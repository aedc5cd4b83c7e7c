import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { buildSync, type Metafile } from 'esbuild';

const root = join(import.meta.dirname, '..');
/** Where `npm run build` writes. */
export const distPath = join(root, 'dist');
export const handlerPath = join(root, 'lambda', 'handler.ts');

export interface BundleOptions {
  /** Emptied first: a chunk left over from an earlier build would be deployed with the new one. */
  outdir: string;
  entry?: string;
  /** Write source maps too. The code is the same, byte for byte. */
  sourceMaps?: boolean;
}

/**
 * Bundles the function into `outdir/index.mjs`, which exports `handler`; what is imported dynamically becomes
 * files of its own. The one definition of the artifact: `npm run build` and the stack both call it. Returns
 * what went into it; throws esbuild's BuildFailure.
 *
 * The deployed artifact has no source maps. Node uses them only with --enable-source-maps, and would then parse
 * files larger than the code itself when the first error's stack is read. `npm run build` of the same commit
 * writes the maps of the same bytes.
 */
export function bundle({ outdir, entry = handlerPath, sourceMaps = false }: BundleOptions): Metafile {
  const { outputFiles, metafile } = build(entry);
  rmSync(outdir, { recursive: true, force: true });
  for (const file of outputFiles) {
    if (file.path.endsWith('.map') && !sourceMaps) continue;
    const path = join(outdir, relative(distPath, file.path));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.contents);
  }
  return metafile;
}

/**
 * As if into `dist/`, with maps, wherever the files will go: the hashes in the names of chunks cover the maps,
 * and the maps hold paths. An artifact that differed by folder would be deployed again for nothing.
 */
function build(entry: string) {
  return buildSync({
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir: distPath,
    write: false,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    // esbuild's own order for Node starts with `main`: the SDK's CommonJS, which cannot be tree-shaken.
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'external',
    metafile: true,
    // A failure is thrown with all that esbuild has to say.
    logLevel: 'silent',
  });
}
