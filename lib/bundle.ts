import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildResult, buildSync } from 'esbuild';

export const handlerPath = fileURLToPath(new URL('../lambda/handler.ts', import.meta.url));

export interface BundleOptions {
  /** Emptied first: a chunk left over from an earlier build would be deployed with the new one. */
  outdir: string;
  entry?: string;
  /** Write `index.mjs.map` beside the code. The code is the same, byte for byte. */
  sourceMap?: boolean;
}

export type Bundle = BuildResult<{ metafile: true }>;

/**
 * Bundles the function into `outdir/index.mjs`, which exports `handler`; what is imported dynamically becomes
 * files of its own. The one definition of the artifact: `npm run build` and the stack both call it. Throws
 * esbuild's BuildFailure.
 *
 * The deployed artifact has no source map. Node uses one only with --enable-source-maps, and would then parse a
 * file larger than the code itself when the first error's stack is read. `npm run build` of the same commit
 * writes the map of the same bytes.
 */
export function bundle({ outdir, entry = handlerPath, sourceMap = false }: BundleOptions): Bundle {
  rmSync(outdir, { recursive: true, force: true });
  return buildSync({
    entryPoints: { index: entry },
    outdir,
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
    sourcemap: sourceMap ? 'external' : false,
    metafile: true,
    logLevel: 'error',
  });
}
