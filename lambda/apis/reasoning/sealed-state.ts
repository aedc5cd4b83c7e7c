import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { StateKey } from '../../auth/state-key.ts';
import { type ByteBudget, bounds } from '../../bounds.ts';
import { isObject } from '../../canonical/json.ts';
import type { ReasoningBlock } from '../../canonical/types.ts';

/**
 * Reasoning that a client has to bring back, as a text that shows nothing of it and that nobody can change
 * unnoticed: `base64url(nonce | ciphertext | tag)` of deflated JSON under AES-256-GCM. The nonce is a MAC of
 * the content, so the same content gives the same text each time.
 *
 * The key is the caller's own, so its holder can seal whatever he likes: what is opened is input like any
 * other, and is checked as such.
 */

const nonceBytes = 12;
const tagBytes = 16;
/** Characters of the shortest text that can have been sealed. */
export const shortestSealed = Math.ceil(((nonceBytes + tagBytes) * 4) / 3);

/** `purpose` tells one use of the key from another: what was sealed for one does not open for another. */
export function seal(content: Uint8Array, key: StateKey, purpose: string): string {
  const mac = createHmac('sha256', key.subarray(32)).update(purpose).update('\0').update(content);
  const nonce = mac.digest().subarray(0, nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key.subarray(0, 32), nonce).setAAD(Buffer.from(purpose));
  const sealed = [nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
}

/** What was sealed; undefined for a text that was not sealed with this key and purpose, or was changed since. */
export function open(text: string, key: StateKey, purpose: string): Buffer | undefined {
  const sealed = Buffer.from(text, 'base64url');
  if (sealed.length < nonceBytes + tagBytes) return undefined;
  const nonce = sealed.subarray(0, nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key.subarray(0, 32), nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(purpose))
    .setAuthTag(sealed.subarray(-tagBytes));
  const content = decipher.update(sealed.subarray(nonceBytes, -tagBytes));
  try {
    return Buffer.concat([content, decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Reasoning as the bytes to seal; undefined where it is too large to be carried. */
export function packState(state: readonly ReasoningBlock[]): Buffer | undefined {
  return pack(state.map((block) => block.reasoningContent));
}

/**
 * The inverse, counted in `budget`. What is no reasoning is left out; undefined for bytes that are no packed
 * state, or one that is too large. Throws a 413 when the states of a request unpack to too much together.
 */
export function unpackState(packed: Uint8Array, budget: ByteBudget): ReasoningBlock[] | undefined {
  const state = unpack(packed, budget);
  return Array.isArray(state) ? state.flatMap(readBlock) : undefined;
}

/** A value as the bytes to seal; undefined where its JSON has more than `limit` bytes. */
export function pack(value: unknown, limit: number = bounds.stateBytes): Buffer | undefined {
  const plain = Buffer.from(JSON.stringify(value));
  return plain.length <= limit ? deflateRawSync(plain) : undefined;
}

/** The inverse, counted in `budget`; undefined for bytes that are no packed JSON, or too much. Throws a 413 as above. */
export function unpack(packed: Uint8Array, budget: ByteBudget, limit: number = bounds.stateBytes): unknown {
  const plain = inflate(packed, limit);
  // What did not fit has been unpacked up to the bound all the same.
  budget.spend(plain?.length ?? limit);
  return plain && parse(plain.toString());
}

function inflate(packed: Uint8Array, limit: number): Buffer | undefined {
  try {
    return inflateRawSync(packed, { maxOutputLength: limit });
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readBlock(content: unknown): ReasoningBlock[] {
  if (!isObject(content)) return [];
  const { reasoningText, redactedContent } = content;
  if (typeof redactedContent === 'string') return [{ reasoningContent: { redactedContent } }];
  if (!isObject(reasoningText) || typeof reasoningText.signature !== 'string') return [];
  const { text = '', signature } = reasoningText;
  return typeof text === 'string' ? [{ reasoningContent: { reasoningText: { text, signature } } }] : [];
}
