import { createHash, createHmac } from 'node:crypto';

const digest = (seed: string) => createHash('sha256').update(seed).digest();

/** `tooluse_` and 22 characters of [A-Za-z0-9_-], as on Converse (recorded). */
export const toolUseId = (seed: string): string =>
  `tooluse_${digest(seed).toString('base64url').slice(0, 22)}`;

/** The simulator signs its reasoning, so that it can tell on replay whether the text came back untouched. */
export const signatureOf = (reasoning: string): string =>
  `Sim1${createHmac('sha256', 'bedrock simulator').update(reasoning).digest('base64')}`;

/** What redacted reasoning looks like from outside. */
export const redactedData: string = Buffer.from('redacted by the simulator').toString('base64');
