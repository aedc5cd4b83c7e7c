import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundle } from '../../lib/bundle.ts';
import { bundleSizes, fileSizes } from '../../lib/bundle-sizes.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bundle-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** Inside the project, so that imports resolve as they do from `lambda/`. */
const source = mkdtempSync(join(import.meta.dirname, '.bundle-'));
afterAll(() => rmSync(source, { recursive: true }));

/** All that the function depends on, one of it on demand. */
const code = `
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import middy from '@middy/core';
import { Hono } from 'hono';
import { readConfig } from '../../../lambda/config.ts';
export const handler = async () => {
  const { BedrockClient } = await import('@aws-sdk/client-bedrock');
  const options = { region: readConfig({}).region, requestHandler: new NodeHttpHandler() };
  const clients = [BedrockRuntimeClient, BedrockClient, SecretsManagerClient].map((Client) => new Client(options));
  return [typeof middy, typeof new Hono().fetch, await clients[1].config.region(), clients.length].join();
};
`;

writeFileSync(join(source, 'handler.ts'), code);

/** Builds into a folder of its own, or into one that is given; `files` are the digests by path. */
function build(sourceMaps = false, path = folder()) {
  const entry = join(source, 'handler.ts');
  const outdir = join(path, 'out');
  const metafile = bundle({ outdir, entry, sourceMaps });
  const found = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const paths = found.map((file) => join(file.parentPath, file.name));
  const files = Object.fromEntries(paths.map((file) => [relative(outdir, file), digest(readFileSync(file))]));
  return { outdir, metafile, files };
}

const digest = (content: Buffer) => createHash('sha256').update(content).digest('hex');

describe('the bundle', () => {
  it('runs as an ES module with nothing beside it', () => {
    const { outdir } = build();
    const script = `import { handler } from ${JSON.stringify(join(outdir, 'index.mjs'))}; console.log(await handler());`;
    const options = { encoding: 'utf8', cwd: '/' } as const;
    const answer = execFileSync(process.execPath, ['--input-type=module', '-e', script], options);
    expect(answer.trim()).toBe('function,function,us-east-1,3');
  });

  it('keeps what is imported on demand out of what is loaded first', () => {
    const { outdir } = build();
    const loaded = new Set<string>();
    const load = (path: string) => {
      if (loaded.has(path)) return;
      loaded.add(path);
      const imports = readFileSync(path, 'utf8').matchAll(/\b(?:from|import)"(\.[^"]+)"/g);
      for (const [, target = ''] of imports) load(join(dirname(path), target));
    };
    load(join(outdir, 'index.mjs'));
    const text = [...loaded].map((path) => readFileSync(path, 'utf8')).join();
    expect(text).toContain('ConverseStream');
    expect(text).not.toContain('ListFoundationModels');
  });

  it('is the same in every folder, with source maps and without', () => {
    const plain = build().files;
    const mapped = build(true).files;
    const code = Object.entries(mapped).filter(([path]) => !path.endsWith('.map'));
    expect(Object.fromEntries(code)).toEqual(plain);
    expect(mapped).toHaveProperty(['index.mjs.map']);
  });

  it('has nothing left over from an earlier build', () => {
    const path = folder();
    const { outdir, files } = build(false, path);
    writeFileSync(join(outdir, 'chunks', 'old.mjs'), '');
    expect(build(false, path).files).toEqual(files);
  });

  it('can be counted by package', () => {
    const { metafile } = build();
    const packages = bundleSizes(metafile);
    const names = packages.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['@aws-sdk/client-bedrock', 'hono', 'own']));
    expect(packages).toEqual(packages.toSorted((a, b) => b.first - a.first || b.bytes - a.bytes));
    const total = fileSizes(metafile).reduce((sum, { bytes }) => sum + bytes, 0);
    const counted = packages.reduce((sum, { bytes }) => sum + bytes, 0);
    // The rest is what joins the modules.
    expect(counted / total).toBeGreaterThan(0.9);
    expect(counted).toBeLessThanOrEqual(total);
  });
});
