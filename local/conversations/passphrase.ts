import { randomBytes, scrypt } from 'node:crypto';
import type { Envelope } from './format.ts';
import { type KeySource, SealError, unseal } from './seal.ts';

/** OWASP's first choice for scrypt: 128 MiB, some 0.3 s (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html). */
const usualWork = { N: 2 ** 17, r: 8, p: 1 };
type Work = typeof usualWork;
/** A file may not make this program take more memory than this: 128 × N × r. */
const maxmem = 1 << 29;

export interface PassphraseOptions {
  /** Asked for once, when it is first needed. undefined: there is nobody to ask. */
  passphrase: () => Promise<string | undefined>;
  /** A file that is there already: what is written beside it must have the same passphrase. */
  example?: () => Promise<Envelope | undefined>;
  /** Less work, in tests. */
  work?: Work;
}

/**
 * Keys made of a passphrase by scrypt. The files of a folder share one salt and with it a key, so that they take one
 * derivation and not one each; GCM's nonces are new each time.
 */
export function passphraseKeys(options: PassphraseOptions): KeySource {
  const { passphrase, example, work = usualWork } = options;
  const derived = new Map<string, Promise<Uint8Array>>();
  let asked: Promise<string> | undefined;
  let salt: string | undefined;
  let isChecked = false;
  const keyFor = (ofSalt: string, { N, r, p }: Work): Promise<Uint8Array> => {
    const id = [N, r, p, ofSalt].join();
    asked ??= demanded(passphrase);
    const key = derived.get(id) ?? asked.then((text) => derive(text, ofSalt, { N, r, p }));
    derived.set(id, key);
    key.catch(source.forget);
    return key;
  };
  const source: KeySource & { forget(): void } = {
    async newKey() {
      if (!isChecked) {
        const there = await example?.();
        if (there) await unseal(there, source).catch((error) => otherPassphrase(error, source.forget));
        isChecked = true;
      }
      salt ??= randomBytes(16).toString('base64');
      const kdf = { name: 'scrypt' as const, ...work, salt };
      return { key: await keyFor(salt, work), found: { kind: 'passphrase', kdf } };
    },
    async keyOf(header) {
      if (header.kind !== 'passphrase') throw new SealError('it is not encrypted with a passphrase');
      const { kdf } = header;
      const key = await keyFor(kdf.salt, kdf);
      if (kdf.N === work.N && kdf.r === work.r && kdf.p === work.p) salt ??= kdf.salt;
      return key;
    },
    /** Whoever gave a wrong one is asked again. */
    forget() {
      asked = undefined;
      salt = undefined;
      isChecked = false;
      derived.clear();
    },
  };
  return source;
}

function otherPassphrase(error: unknown, forget: () => void): never {
  forget();
  if (!(error instanceof SealError) || error.needsPassphrase) throw error;
  throw new SealError(
    'the passphrase does not open the conversations that are there: give theirs, or set another folder',
  );
}

async function demanded(passphrase: PassphraseOptions['passphrase']): Promise<string> {
  const given = await passphrase();
  if (given) return given;
  throw new SealError('it needs the passphrase: set CONVERSATIONS_PASSPHRASE, or start it on a terminal', {
    needsPassphrase: true,
  });
}

function derive(passphrase: string, salt: string, { N, r, p }: Work): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // One spelling, however the keyboard makes its accents.
    const text = passphrase.normalize('NFC');
    try {
      scrypt(text, Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem }, (error, key) =>
        error ? reject(error) : resolve(key),
      );
    } catch {
      reject(new SealError('its key would take more work than any file of this program asks for'));
    }
  });
}
