import { bundle, distPath } from './bundle.ts';
import { bundleSizes, fileSizes } from './bundle-sizes.ts';

/** `npm run build`: the deployed artifact in `dist/`, with its source maps, and what is in it. */
const metafile = bundle({ outdir: distPath, sourceMaps: true });
const column = (bytes: number) => (bytes === 0 ? '' : bytes.toLocaleString('en')).padStart(11);

for (const sizes of [bundleSizes(metafile), fileSizes(metafile)]) {
  console.log('at start   in all');
  for (const { name, bytes, first } of sizes) console.log(`${column(first)}${column(bytes)}  ${name}`);
  console.log(`${column(sizes.reduce((sum, { first }) => sum + first, 0))}\n`);
}
