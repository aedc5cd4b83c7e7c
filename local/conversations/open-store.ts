import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askHidden } from '../ask-hidden.ts';
import type { FileSystem } from '../atomic-file.ts';
import type { Io } from '../io.ts';
import { dataFolder } from '../platform-folders.ts';
import type { UserSettings } from '../user-settings/table.ts';
import type { Envelope } from './format.ts';
import { kmsKeys } from './kms.ts';
import { fileNamePattern } from './new-conversation.ts';
import { parseFile } from './parse.ts';
import { passphraseKeys } from './passphrase.ts';
import { type EncryptionKind, Store } from './store.ts';

export interface OpenOptions {
  fs?: FileSystem;
  /** Asks a person for a line that is not shown; undefined: nobody answers. */
  ask?: (question: string) => Promise<string | undefined>;
}

/** The folder of a person's conversations, as the settings have it. */
export function openStore(settings: UserSettings, io: Io, { fs, ask }: OpenOptions = {}): Store {
  const folder = settings['conversations.folder'] ?? join(dataFolder(io.env), 'conversations');
  const { CONVERSATIONS_PASSPHRASE: given } = io.env;
  const { kind, keyArn } = readEncryption(settings['conversations.encryption']);
  const example = () => findSealed(folder);
  const asking = ask ?? ((question: string) => askHidden(question, io));
  return new Store({
    folder,
    encryption: kind,
    openListed: given !== undefined && given !== '',
    keys: {
      passphrase: passphraseKeys({
        passphrase: async () => given || askPassphrase(asking, (await example()) === undefined),
        example,
      }),
      kms: kmsKeys(keyArn),
    },
    ...(fs && { fs }),
  });
}

function readEncryption(setting = 'none'): { kind: EncryptionKind | undefined; keyArn?: string } {
  if (setting === 'none') return { kind: undefined };
  return setting === 'passphrase'
    ? { kind: 'passphrase' }
    : { kind: 'kms', keyArn: setting.replace(/^kms:/, '') };
}

/** A new one is asked for twice, as nothing else could find a slip of the finger. */
async function askPassphrase(
  ask: (question: string) => Promise<string | undefined>,
  isNew: boolean,
): Promise<string | undefined> {
  if (!isNew) return ask('Passphrase of your conversations: ');
  for (let begin = ''; ; begin = 'That was another one. ') {
    const first = await ask(`${begin}A new passphrase for your conversations (it cannot be recovered): `);
    if (!first) return undefined;
    if ((await ask('The same again: ')) === first) return first;
  }
}

/** Some file of the folder that a passphrase encrypts. */
async function findSealed(folder: string): Promise<Envelope | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => fileNamePattern.test(each))) {
    try {
      const parsed = parseFile(await readFile(join(folder, name), 'utf8'));
      if ('envelope' in parsed && parsed.envelope.encryption.kind === 'passphrase') return parsed.envelope;
    } catch {
      // A damaged one is no example; lists name it.
    }
  }
  return undefined;
}
