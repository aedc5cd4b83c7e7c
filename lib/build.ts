import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { bundleSizes } from './bundle-sizes.ts';

/** `npm run build`: the deployed artifact in `dist/`, with its source map, and what is in it. */
const outdir = fileURLToPath(new URL('../dist', import.meta.url));
const { metafile } = bundle({ outdir, sourceMap: true });
const row = (name: string, bytes: number) =>
  console.log(`${bytes.toLocaleString('en').padStart(10)}  ${name}`);

for (const { name, bytes } of bundleSizes(metafile)) row(name, bytes);
console.log();
for (const [path, { bytes }] of Object.entries(metafile.outputs)) row(relative('.', path), bytes);
