import { bundle, distPath } from './bundle.ts';
import { bundleSizes, fileSizes } from './bundle-sizes.ts';

/** `npm run build`: the deployed artifact in `dist/`, with its source maps, and what is in it. */
const metafile = bundle({ outdir: distPath, sourceMaps: true });
for (const sizes of [bundleSizes(metafile), fileSizes(metafile)]) {
  for (const { name, bytes } of sizes) console.log(`${bytes.toLocaleString('en').padStart(10)}  ${name}`);
  console.log();
}
