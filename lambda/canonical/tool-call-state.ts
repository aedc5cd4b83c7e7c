import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ReasoningBlock } from './types.ts';

/**
 * The reasoning that led to a tool call travels in the call's id: of all fields of an answer, that id is
 * the only one that every client sends back unchanged, and Claude refuses a tool result whose call has lost
 * its signed reasoning ("Expected `thinking` or `redacted_thinking`, but found `tool_use`").
 *
 * The form is `<toolUseId>.<base64url(nonce | ciphertext | tag)>`: deflated JSON under AES-256-GCM, bound to
 * the id it stands behind. The nonce is a MAC of the content, so the same call gets the same id each time.
 */

/** 64 bytes: the cipher's key and the nonce's. */
export type StateKey = Uint8Array;

const nonceBytes = 12;
const tagBytes = 16;
/** Characters. Longer ids are known to come back up to 12 kB; header and URL limits do not apply to bodies. */
const maxIdLength = 8192;
/** Bytes. The content is our own and authentic; this bounds memory all the same. */
const maxStateBytes = 1 << 20;

/** One key for everything that runs with the same secret, so that any instance opens what another sealed. */
export function deriveStateKey(secret: string): StateKey {
  if (latest?.secret !== secret) {
    const key = new Uint8Array(hkdfSync('sha256', secret, '', 'bedrock-gateway tool call state v1', 64));
    latest = { secret, key };
  }
  return latest.key;
}
/** Deriving takes longer than translating a short request, and one caller's requests follow each other. */
let latest: { secret: string; key: StateKey } | undefined;

/** The id that the client gets. The plain id when there is no state or it would make the id too long. */
export function sealToolCallId(toolUseId: string, state: readonly ReasoningBlock[], key: StateKey): string {
  if (state.length === 0) return toolUseId;
  const plain = Buffer.from(JSON.stringify(state.map((block) => block.reasoningContent)));
  const nonce = createHmac('sha256', key.subarray(32))
    .update(toolUseId)
    .update('\0')
    .update(plain)
    .digest()
    .subarray(0, nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key.subarray(0, 32), nonce).setAAD(Buffer.from(toolUseId));
  const sealed = Buffer.concat([
    nonce,
    cipher.update(deflateRawSync(plain)),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  const id = `${toolUseId}.${sealed.toString('base64url')}`;
  return id.length <= maxIdLength && plain.length <= maxStateBytes ? id : toolUseId;
}

/**
 * The id that Bedrock gave and the reasoning that came before the call. An id that was not sealed with this
 * key, or was changed since, is an id like any other: it comes back whole, without state.
 */
export function openToolCallId(id: string, key: StateKey): { toolUseId: string; state?: ReasoningBlock[] } {
  const dot = id.lastIndexOf('.');
  const sealed =
    dot > 0 && id.length <= maxIdLength ? Buffer.from(id.slice(dot + 1), 'base64url') : undefined;
  if (!sealed || sealed.length <= nonceBytes + tagBytes) return { toolUseId: id };
  const toolUseId = id.slice(0, dot);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.subarray(0, 32), sealed.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    })
      .setAAD(Buffer.from(toolUseId))
      .setAuthTag(sealed.subarray(-tagBytes));
    const deflated = Buffer.concat([
      decipher.update(sealed.subarray(nonceBytes, -tagBytes)),
      decipher.final(),
    ]);
    const plain = inflateRawSync(deflated, { maxOutputLength: maxStateBytes }).toString();
    const state = JSON.parse(plain) as ReasoningBlock['reasoningContent'][];
    return { toolUseId, state: state.map((reasoningContent) => ({ reasoningContent })) };
  } catch {
    return { toolUseId: id };
  }
}
