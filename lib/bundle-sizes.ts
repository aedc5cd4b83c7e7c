import type { Metafile } from 'esbuild';

/** Bytes each package contributes to the JavaScript of a bundle, largest first; `own` is this project. */
export function bundleSizes(metafile: Metafile): { name: string; bytes: number }[] {
  const sizes = new Map<string, number>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const name = packageOf(path);
      sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...sizes].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

function packageOf(path: string): string {
  const [scopeOrName = '', name] = path.split('node_modules/').at(-1)?.split('/') ?? [];
  if (!path.includes('node_modules/')) return 'own';
  return scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
}
