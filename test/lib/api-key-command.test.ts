import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKey, readDocument, writeDocument } from '../../local/keys/key-document.ts';
import { templateFor } from './synth.ts';

const apiKeySecretArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:key-a1B2c3';

const ofGiven = templateFor({ apiKeySecretArn });
const ofMade = templateFor({});

/** Runs the command with an `aws` that answers with this secret. */
function run(secret: string, template = ofGiven): string {
  const folder = mkdtempSync(join(tmpdir(), 'aws-'));
  writeFileSync(join(folder, 'secret'), `${secret}\n`);
  writeFileSync(join(folder, 'aws'), `#!/bin/sh\ncat "${join(folder, 'secret')}"\n`);
  chmodSync(join(folder, 'aws'), 0o755);
  const value = template.findOutputs('ApiKeyCommand').ApiKeyCommand?.Value;
  const parts: unknown[] = value['Fn::Join']?.[1] ?? [value];
  const command = parts.map((part) => (typeof part === 'string' ? part : 'something')).join('');
  return execFileSync('sh', ['-c', command], {
    env: { PATH: `${folder}:${process.env.PATH}` },
    encoding: 'utf8',
  });
}

describe.each([
  ['given', ofGiven],
  ['made by the stack', ofMade],
])('the command that prints a key that was %s', (_, template) => {
  it.each([
    ['plain text', 'sk-plain+/=key'],
    ['JSON', '{"api_key":"sk-plain+/=key"}'],
    ['JSON with other members', '{"owner": "me", "api_key" : "sk-plain+/=key", "keys": []}'],
    ['JSON on several lines', '{\n  "api_key": "sk-plain+/=key",\n  "owner": "me"\n}'],
    [
      'what `gateway keys create` makes of it',
      writeDocument(createKey(readDocument('sk-plain+/=key'), { name: 'ann' }).document),
    ],
  ])('prints the key alone from %s', (_, secret) => {
    expect(run(secret, template).trim()).toBe('sk-plain+/=key');
  });
});
