import cdkJson from '../cdk.json' with { type: 'json' };
import { bundle, distPath } from './bundle.ts';
import { bundleSizes, fileSizes } from './bundle-sizes.ts';
import { sandboxesFor } from './sandboxes.ts';
import { readSettings } from './settings.ts';

/** `npm run build`: the artifact that `cdk.json` asks for in `dist/`, with its source maps, and what is in it. */
const { environment } = readSettings(cdkJson.context);
const metafile = bundle({ outdir: distPath, sourceMaps: true, sandboxes: sandboxesFor(environment) });
const column = (bytes: number) => (bytes === 0 ? '' : bytes.toLocaleString('en')).padStart(11);

for (const sizes of [bundleSizes(metafile), fileSizes(metafile)]) {
  console.log('at start   in all');
  for (const { name, bytes, first } of sizes) console.log(`${column(first)}${column(bytes)}  ${name}`);
  console.log(`${column(sizes.reduce((sum, { first }) => sum + first, 0))}\n`);
}
