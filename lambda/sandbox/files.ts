import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** From its sources the gateway runs as TypeScript; in the bundle this is a chunk, and the sandboxes lie beside the chunks. */
const isSource = import.meta.url.endsWith('.ts');

/** The code of a thread. */
export const threadFile = (name: 'program-thread' | 'solver-thread'): URL =>
  new URL(isSource ? `./${name}.ts` : `../sandbox/${name}.mjs`, import.meta.url);

/** The WebAssembly module of QuickJS. */
export const quickJsFile = (): URL =>
  isSource
    ? pathToFileURL(createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm'))
    : new URL('../sandbox/quickjs.wasm', import.meta.url);
