import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { templateFor } from './synth.ts';

const apiKeySecretArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-a1B2c3';

/** Runs the command with an `aws` that answers with this secret. */
function run(secret: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'aws-'));
  writeFileSync(join(folder, 'secret'), `${secret}\n`);
  writeFileSync(join(folder, 'aws'), `#!/bin/sh\ncat "${join(folder, 'secret')}"\n`);
  chmodSync(join(folder, 'aws'), 0o755);
  const command = templateFor({ apiKeySecretArn }).findOutputs('ApiKeyCommand').ApiKeyCommand?.Value;
  return execFileSync('sh', ['-c', command], {
    env: { PATH: `${folder}:${process.env.PATH}` },
    encoding: 'utf8',
  });
}

describe('the command that prints a given key', () => {
  it.each([
    ['plain text', 'sk-plain+/=key'],
    ['JSON', '{"api_key":"sk-plain+/=key"}'],
    ['JSON with other members', '{"owner": "me", "api_key" : "sk-plain+/=key", "keys": []}'],
    ['JSON on several lines', '{\n  "api_key": "sk-plain+/=key",\n  "owner": "me"\n}'],
  ])('prints the key alone from %s', (_, secret) => {
    expect(run(secret).trim()).toBe('sk-plain+/=key');
  });
});
