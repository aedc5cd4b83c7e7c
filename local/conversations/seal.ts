import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { PlainError } from '../plain-error.ts';
import {
  type Conversation,
  type EncryptionHeader,
  type Envelope,
  formatName,
  formatVersion,
} from './format.ts';
import { parseConversation } from './parse.ts';

/** A conversation that cannot be opened or closed with what is at hand. The message says what to do. */
export class SealError extends PlainError {
  override name = 'SealError';
  /** There was nobody to ask for it. */
  readonly needsPassphrase: boolean;

  constructor(
    message: string,
    { needsPassphrase = false, cause }: { needsPassphrase?: boolean; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.needsPassphrase = needsPassphrase;
  }
}

export interface NewKey {
  key: Uint8Array;
  found: KeyHeader;
}

/** Where the keys come from. */
export interface KeySource {
  /** A key of 32 bytes to write with, and what the file must say so that it is found again. */
  newKey(): Promise<NewKey>;
  /** Throws SealError. */
  keyOf(header: EncryptionHeader): Promise<Uint8Array>;
  /** Its key did not fit, and a person can give another. */
  forget?(): void;
}

/** The part of the header that leads to the key. */
export type KeyHeader = EncryptionHeader extends infer H
  ? H extends EncryptionHeader
    ? Omit<H, 'cipher' | 'iv' | 'tag'>
    : never
  : never;

const cipher = 'aes-256-gcm';

/** AES-256-GCM; what stands outside the ciphertext is authenticated with it, so that no part can be exchanged. */
export function seal(conversation: Conversation, { key, found }: NewKey): Envelope {
  const iv = randomBytes(12);
  const head = headOf(conversation);
  const encrypting = createCipheriv(cipher, key, iv);
  encrypting.setAAD(bound(head, found));
  const ciphertext = Buffer.concat([
    encrypting.update(JSON.stringify(conversation), 'utf8'),
    encrypting.final(),
  ]);
  const encryption = {
    ...found,
    cipher,
    iv: iv.toString('base64'),
    tag: encrypting.getAuthTag().toString('base64'),
  } as EncryptionHeader;
  return { ...head, encryption, ciphertext: ciphertext.toString('base64') };
}

/** Throws SealError where the key is wrong or a byte was changed: which of the two cannot be told. */
export async function unseal(envelope: Envelope, keys: KeySource): Promise<Conversation> {
  const { encryption } = envelope;
  const key = await keys.keyOf(encryption);
  return parseConversation(decrypted(envelope, key));
}

function decrypted(envelope: Envelope, key: Uint8Array): string {
  const { encryption, ciphertext } = envelope;
  const { cipher: name, iv, tag, ...found } = encryption;
  const authTag = Buffer.from(tag, 'base64');
  try {
    const decrypting = createDecipheriv(name, key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
    decrypting.setAAD(bound(headOf(envelope), found as KeyHeader));
    decrypting.setAuthTag(authTag);
    const bytes = Buffer.from(ciphertext, 'base64');
    return Buffer.concat([decrypting.update(bytes), decrypting.final()]).toString('utf8');
  } catch {
    throw new SealError(
      encryption.kind === 'passphrase'
        ? 'it cannot be decrypted: the passphrase is wrong, or the file was changed'
        : 'it cannot be decrypted: the file was changed',
    );
  }
}

type Head = Pick<Envelope, 'format' | 'version' | 'id' | 'createdAt' | 'updatedAt' | 'revision'>;

const headOf = ({ id, createdAt, updatedAt, revision }: Omit<Head, 'format' | 'version'>): Head => ({
  format: formatName,
  version: formatVersion,
  id,
  createdAt,
  updatedAt,
  revision,
});

/** The same bytes whatever the order of the members in the file. */
function bound(head: Head, found: KeyHeader): Buffer {
  const { format, version, id, createdAt, updatedAt, revision } = head;
  const key =
    found.kind === 'kms'
      ? [found.kind, found.keyArn, found.dataKey]
      : [found.kind, found.kdf.name, found.kdf.N, found.kdf.r, found.kdf.p, found.kdf.salt];
  return Buffer.from(JSON.stringify([format, version, id, createdAt, updatedAt, revision, ...key]));
}
