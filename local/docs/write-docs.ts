import { readFileSync, writeFileSync } from 'node:fs';
import { generatedFiles, regenerated } from './generated.ts';

/** `npm run docs`: writes the parts of docs/ that are made from the code anew. */
for (const file of generatedFiles) {
  const path = new URL(`../../docs/${file}`, import.meta.url);
  writeFileSync(path, regenerated(file, readFileSync(path, 'utf8')));
}
