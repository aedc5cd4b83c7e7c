import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { type Built, joinFirst } from './join-first.ts';
import { filesOf, noSandboxes, type Sandboxes, threadsOf } from './sandboxes.ts';

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
  /** None unless said. The rest of the artifact is the same, byte for byte. */
  sandboxes?: Sandboxes;
}

/**
 * Bundles the function into `outdir/index.mjs`, which exports `handler`; what is imported dynamically becomes
 * files of its own, and the packages of `apart` bundles of their own beside it. The one definition of the
 * artifact: `npm run build` and the stack both call it. Returns what went into it, by the paths of the files
 * below `outdir`; throws esbuild's BuildFailure.
 *
 * The deployed artifact has no source maps. Node uses them only with --enable-source-maps, and would then parse
 * files larger than the code itself when the first error's stack is read. `npm run build` of the same commit
 * writes the maps of the same bytes.
 */
export function bundle({
  outdir,
  entry = handlerPath,
  sourceMaps = false,
  sandboxes = noSandboxes,
}: BundleOptions): Metafile {
  const main = joinFirst(build({ index: entry }, [...apart]), distPath, { ...common, external: [...apart] });
  const builds = [main, ...apart.map(buildApart), ...buildThreads(sandboxes)];
  rmSync(outdir, { recursive: true, force: true });
  for (const [path, contents] of [...builds.flatMap(({ files }) => [...files]), ...filesOf(sandboxes)]) {
    if (path.endsWith('.map') && !sourceMaps) continue;
    const target = join(outdir, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
  }
  return {
    inputs: Object.assign({}, ...builds.map(({ metafile }) => metafile.inputs)),
    outputs: Object.assign({}, ...builds.map(({ metafile }) => metafile.outputs)),
  };
}

/**
 * Loaded on demand and built by themselves: esbuild puts a file that two entries reach, though one of them only
 * through an index that it needs something else of, where both load it. With the control plane's client in the
 * same build, 90 KB of the SDK's core would be loaded before the first chat.
 */
const apart = ['@aws-sdk/client-bedrock', '@aws-sdk/credential-provider-http'] as const;

function buildApart(name: string): Built {
  const folder = join('node_modules', name);
  const others = apart.filter((other) => other !== name);
  const { files, metafile } = build({ [join(folder, 'index')]: name }, others);
  const packageFile = JSON.stringify({ type: 'module', exports: './index.mjs' });
  return { files: files.set(join(folder, 'package.json'), Buffer.from(packageFile)), metafile };
}

/** Each by itself: a thread that shared a chunk with the function would make that chunk larger for the function. */
function buildThreads(sandboxes: Sandboxes): Built[] {
  return Object.entries(threadsOf(sandboxes)).map(([path, source]) =>
    build({ [path]: inLambda(source) }, []),
  );
}

const inLambda = (path: string) => join(root, 'lambda', path);

/**
 * What the bundle has in place of a package. The gateway's code imports the package, and runs on it wherever it
 * is not bundled; the reason for each is in the file, and `test/lambda/bedrock` holds it to the package.
 */
const alias = {
  '@aws-sdk/client-bedrock-runtime': inLambda('bedrock/runtime-client.ts'),
  '@aws-sdk/client-secrets-manager': inLambda('bedrock/secrets-manager.ts'),
  '@aws-sdk/credential-provider-node': inLambda('bedrock/credentials.ts'),
  '@aws-sdk/token-providers': inLambda('bedrock/token-providers.ts'),
  // The ES modules of these two evaluate every export, WebSocket and with it undici among them.
  'node:http': inLambda('bedrock/node-http.ts'),
  'node:https': inLambda('bedrock/node-https.ts'),
};

const common: BuildOptions = {
  absWorkingDir: root,
  write: false,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  // esbuild's own order for Node starts with `main`: the SDK's CommonJS, which cannot be tree-shaken.
  mainFields: ['module', 'main'],
  minify: true,
  // See `lambda/docs.ts`.
  define: { IN_BUNDLE: 'true' },
  sourcemap: 'external',
  metafile: true,
  // A failure is thrown with all that esbuild has to say.
  logLevel: 'silent',
};

/**
 * As if into `dist/`, with maps, wherever the files will go: the hashes in the names of chunks cover the maps,
 * and the maps hold paths. An artifact that differed by folder would be deployed again for nothing.
 */
function build(entryPoints: Record<string, string>, external: string[]): Built {
  const { outputFiles = [], metafile } = buildSync({
    ...common,
    entryPoints,
    external,
    alias,
    inject: [inLambda('web/fetch-classes.ts')],
    splitting: true,
    outdir: distPath,
  });
  const below = (path: string) => relative(distPath, join(root, path));
  const outputs = Object.entries(metafile?.outputs ?? {}).map(([path, output]) => {
    const imports = output.imports.map((each) =>
      each.external ? each : { ...each, path: below(each.path) },
    );
    return [below(path), { ...output, imports }];
  });
  return {
    files: new Map(outputFiles.map(({ path, contents }) => [relative(distPath, path), contents])),
    metafile: { inputs: metafile?.inputs ?? {}, outputs: Object.fromEntries(outputs) },
  };
}
