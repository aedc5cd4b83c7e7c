import type { Metafile } from 'esbuild';

export interface Size {
  name: string;
  bytes: number;
}

const largestFirst = (sizes: Size[]) => sizes.sort((a, b) => b.bytes - a.bytes);
const codeOf = ({ outputs }: Metafile) => Object.entries(outputs).filter(([path]) => !path.endsWith('.map'));

/** What each package contributes to the code of a bundle; `own` is this project. */
export function bundleSizes(metafile: Metafile): Size[] {
  const sizes = new Map<string, number>();
  for (const [, { inputs }] of codeOf(metafile)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(path);
      sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return largestFirst([...sizes].map(([name, bytes]) => ({ name, bytes })));
}

/** The files of a bundle. */
export function fileSizes(metafile: Metafile): Size[] {
  return largestFirst(codeOf(metafile).map(([name, { bytes }]) => ({ name, bytes })));
}

function packageOf(path: string): string {
  const [, inModules] = path.split(/^.*node_modules\//);
  if (inModules === undefined) return 'own';
  const [scopeOrName = '', name] = inModules.split('/');
  return scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
}
