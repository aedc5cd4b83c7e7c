import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { Checksum, SourceData } from '@smithy/types';

/** What SignatureV4 hashes with. The SDK's own brings a second one in JavaScript along. */
export class Sha256 implements Checksum {
  readonly #secret: SourceData | undefined;
  #data: Uint8Array = new Uint8Array();

  constructor(secret?: SourceData) {
    this.#secret = secret;
  }

  update(data: Uint8Array): void {
    this.#data = this.#data.length > 0 ? Buffer.concat([this.#data, data]) : data;
  }

  async digest(): Promise<Uint8Array> {
    const secret = this.#secret;
    if (secret === undefined) return hash('sha256', this.#data, 'buffer');
    return typeof secret === 'string' ? ofText(secret, this.#data) : hmac(keyOf(secret), this.#data);
  }

  /** Part of the interface; a hash is made for each digest. */
  reset(): never {
    throw new Error('a digest is taken once');
  }
}

const hmac = (key: KeyObject, data: Uint8Array): Uint8Array =>
  createHmac('sha256', key).update(data).digest();

let last: { secret: string; data: Uint8Array; digest: Uint8Array } | undefined;

/** The signer looks its key for the day up with every request, by a digest of credentials that seldom change. */
function ofText(secret: string, data: Uint8Array): Uint8Array {
  if (last?.secret !== secret || Buffer.compare(last.data, data) !== 0)
    last = { secret, data, digest: hmac(createSecretKey(secret, 'utf8'), data) };
  return last.digest;
}

/** A key object, because of bytes Node 24 finds out with a thrown error that they are none: 9 µs of 13. */
const keyOf = (secret: Exclude<SourceData, string>): KeyObject =>
  // Node takes any bytes; its types know of views alone.
  createSecretKey(secret as NodeJS.ArrayBufferView);
