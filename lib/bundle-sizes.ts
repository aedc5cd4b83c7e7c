import type { Metafile } from 'esbuild';

export interface Size {
  name: string;
  bytes: number;
  /** How much of it is loaded before the first request. */
  first: number;
}

/** `index.mjs` and what it imports, directly or not: loaded when the function starts. */
export function importedFirst({ outputs }: Metafile): string[] {
  const found = new Set(['index.mjs']);
  for (const path of found) {
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !external) found.add(imported);
    }
  }
  return [...found];
}

/** What each package contributes to the code of a bundle; `own` is this project. */
export function bundleSizes(metafile: Metafile): Size[] {
  const first = new Set(importedFirst(metafile));
  const sizes = new Map<string, Size>();
  for (const [file, { inputs }] of codeOf(metafile)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(path);
      const size = sizes.get(name) ?? { name, bytes: 0, first: 0 };
      size.bytes += bytesInOutput;
      if (first.has(file)) size.first += bytesInOutput;
      sizes.set(name, size);
    }
  }
  return largestFirst([...sizes.values()]);
}

/** The files of a bundle. */
export function fileSizes(metafile: Metafile): Size[] {
  const first = new Set(importedFirst(metafile));
  return largestFirst(
    codeOf(metafile).map(([name, { bytes }]) => ({ name, bytes, first: first.has(name) ? bytes : 0 })),
  );
}

const largestFirst = (sizes: Size[]) => sizes.sort((a, b) => b.first - a.first || b.bytes - a.bytes);
const codeOf = ({ outputs }: Metafile) => Object.entries(outputs).filter(([path]) => path.endsWith('.mjs'));

function packageOf(path: string): string {
  const [, inModules] = path.split(/^.*node_modules\//);
  if (inModules === undefined) return 'own';
  const [scopeOrName = '', name] = inModules.split('/');
  return scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
}
