import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { bundle } from '../../lib/bundle.ts';

/** The deployed function, and what its processes need besides. */
export interface Artifact {
  /** Has `index.mjs`. */
  folder: string;
  /** The runtime client's file. */
  client: string;
  /** A module that is loaded before everything else where time is the tests'. */
  sharedClock: string;
}

const parts = {
  client: fileURLToPath(new URL('../e2e/runtime-client.ts', import.meta.url)),
  'shared-clock': fileURLToPath(new URL('./shared-clock.ts', import.meta.url)),
};

/** Where the files of an artifact are below one folder. */
export const artifactIn = (root: string): Artifact => ({
  folder: join(root, 'function'),
  client: process.env.LAMBDA_RUNTIME_CLIENT ?? join(root, 'client.mjs'),
  sharedClock: join(root, 'shared-clock.mjs'),
});

/**
 * Builds the artifact as a deployment does, in a folder of its own for temporary files, and returns that folder.
 * The rest is compiled too: each process would otherwise spend 30 ms on the compiler before it begins.
 */
export function buildArtifact(): { root: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'gateway-artifact-'));
  // With the sandbox of programs beside it, which changes none of its other files.
  bundle({ outdir: artifactIn(root).folder, sandboxes: { program: true, solver: false } });
  buildSync({
    entryPoints: parts,
    outdir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
  });
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
