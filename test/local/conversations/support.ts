import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conversation } from '../../../local/conversations/format.ts';
import { kmsKeys } from '../../../local/conversations/kms.ts';
import { newConversation } from '../../../local/conversations/new-conversation.ts';
import { passphraseKeys } from '../../../local/conversations/passphrase.ts';
import { Store, type StoreOptions } from '../../../local/conversations/store.ts';

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'conversations-'));

/** scrypt with as little work as it takes. */
const work = { N: 2 ** 4, r: 8, p: 1 };

export interface TestStoreOptions extends Partial<Omit<StoreOptions, 'keys'>> {
  passphrase?: string | undefined;
  keyArn?: string;
  /** Gets an entry each time that the passphrase is asked for. */
  asked?: string[];
}

/** A store of its own process, as far as what it remembers goes. */
export function storeIn(folder: string, { passphrase, keyArn, asked, ...options }: TestStoreOptions = {}) {
  const plain = new Store({ folder, encryption: undefined, keys: keys(), openListed: false });
  function keys() {
    return {
      passphrase: passphraseKeys({
        passphrase: async () => {
          asked?.push('asked');
          return passphrase;
        },
        work,
        example: async () => {
          const { listed } = await plain.list();
          const sealed = listed.find(({ encrypted }) => encrypted === 'passphrase');
          if (!sealed) return undefined;
          const { parseFile } = await import('../../../local/conversations/parse.ts');
          const { readFile } = await import('node:fs/promises');
          const parsed = parseFile(await readFile(sealed.path, 'utf8'));
          return 'envelope' in parsed ? parsed.envelope : undefined;
        },
      }),
      kms: kmsKeys(keyArn),
    };
  }
  return new Store({ folder, encryption: undefined, openListed: false, ...options, keys: keys() });
}

/** With one question and its answer, and all that a turn may hold. */
export function aConversation(text = 'A secret question'): Conversation {
  const conversation = newConversation(
    'amazon.nova-lite-v1:0',
    { system: 'Be brief.' },
    Date.UTC(2026, 10, 1),
  );
  const at = '2026-11-01T00:00:00.000Z';
  return {
    ...conversation,
    title: text,
    turns: [
      { role: 'user', at, content: [{ image: { format: 'png', source: { bytes: 'AAAA' } } }, { text }] },
      {
        role: 'assistant',
        at,
        content: [
          { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
          { text: 'A secret answer' },
        ],
        model: { asked: 'amazon.nova-lite-v1:0', used: 'us.amazon.nova-lite-v1:0', region: 'us-east-1' },
        stopReason: 'end_turn',
        tokens: { input: 10, output: 5, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 },
        cost: { usd: '0.0000018' },
      },
    ],
  };
}

/** KMS as far as data keys go, in its words: https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html */
export async function startKms(keyArn: string) {
  const master = randomBytes(32);
  const state = { keyArn, failWith: undefined as string | undefined, calls: [] as string[] };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace('TrentService.', '');
      state.calls.push(operation);
      const answer = state.failWith ?? answerTo(operation, JSON.parse(body));
      const fails = typeof answer === 'string';
      response.writeHead(fails ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(
        JSON.stringify(fails ? { __type: answer, message: 'arn:aws:iam::123456789012:user/me' } : answer),
      );
    });
  });
  /** The answer, or the name of an exception. */
  function answerTo(operation: string, input: Record<string, unknown>): object | string {
    if (input.KeyId !== state.keyArn) return 'NotFoundException';
    const context = Buffer.from(JSON.stringify(input.EncryptionContext));
    if (operation === 'GenerateDataKey') {
      const key = randomBytes(32);
      const iv = randomBytes(12);
      const sealing = createCipheriv('aes-256-gcm', master, iv);
      sealing.setAAD(context);
      const blob = Buffer.concat([iv, sealing.update(key), sealing.final(), sealing.getAuthTag()]);
      return { KeyId: keyArn, Plaintext: key.toString('base64'), CiphertextBlob: blob.toString('base64') };
    }
    const blob = Buffer.from(String(input.CiphertextBlob), 'base64');
    const opening = createDecipheriv('aes-256-gcm', master, blob.subarray(0, 12));
    opening.setAAD(context);
    opening.setAuthTag(blob.subarray(-16));
    try {
      const key = Buffer.concat([opening.update(blob.subarray(12, -16)), opening.final()]);
      return { KeyId: keyArn, Plaintext: key.toString('base64') };
    } catch {
      return 'InvalidCiphertextException';
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
