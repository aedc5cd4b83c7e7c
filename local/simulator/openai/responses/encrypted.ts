import { createHmac } from 'node:crypto';

const sign = (text: string) => createHmac('sha256', 'simulated reasoning').update(text).digest('base64url');

/** A thought that only the model which had it can read: opaque to everybody else, and safe from changes. */
export function encryptThought(thought: string, modelId: string): string {
  const hidden = Buffer.from(JSON.stringify({ modelId, thought })).toString('base64url');
  return `gAAAAA${hidden}.${sign(hidden)}`;
}

/** Whether a thought comes from this model, and has come back as it went out. */
export function isThoughtOf(encrypted: string, modelId: string): boolean {
  const [, hidden = '', signature] = /^gAAAAA([\w-]+)\.([\w-]+)$/.exec(encrypted) ?? [];
  if (signature === undefined || sign(hidden) !== signature) return false;
  const { modelId: thinker } = JSON.parse(Buffer.from(hidden, 'base64url').toString()) as { modelId: string };
  return thinker === modelId;
}
