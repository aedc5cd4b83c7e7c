import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileCache } from '../support/compile-cache.ts';

const root = join(import.meta.dirname, '../..');
const cdkJson = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));

/** Runs the app as the CDK's command line does. */
function run(context: Record<string, unknown>) {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-'));
  const [command, ...args] = cdkJson.app.split(' ');
  const env = {
    PATH: process.env.PATH,
    ...compileCache,
    CDK_OUTDIR: outdir,
    CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, 'aws:cdk:bundling-stacks': [], ...context }),
  };
  expect(command).toBe('node');
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  return { status, stderr, outdir };
}

describe('bin/app.ts', () => {
  it('writes the stack of cdk.json', () => {
    const { status, stderr, outdir } = run({});
    expect([status, stderr]).toEqual([0, '']);
    expect(existsSync(join(outdir, 'BedrockGateway.template.json'))).toBe(true);
  });

  it('stops at a bad setting, with the message and no stack trace', () => {
    const { status, stderr, outdir } = run({ 'gateway.memorySize': '1', 'gateway.stackName': 'Other' });
    expect(status).toBe(1);
    expect(stderr).toBe(
      'The gateway’s settings cannot be used:\n  gateway.memorySize is 1: must be a whole number from 128 to 10240\n',
    );
    expect(existsSync(join(outdir, 'manifest.json'))).toBe(false);
  });
});

describe('cdk.json', () => {
  it('asks nothing of the network', () => {
    expect(cdkJson).toMatchObject({ notices: false, versionReporting: false });
    expect(cdkJson.context).toMatchObject({ 'cli-telemetry': false });
  });
});
