import { asMeant } from '../lambda/config.ts';
import type { Io } from './io.ts';

/** What the SDK reads from the environment and sends as it stands. */
const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_BEARER_TOKEN_BEDROCK'];

/**
 * Takes white space and quotes from around credentials. A line break that was pasted with one cannot stand in a
 * header, and `docker --env-file` keeps the quotes of a value.
 */
export function trimCredentials(env: Io['env']): void {
  for (const name of names) {
    const value = env[name];
    if (value !== undefined) env[name] = asMeant(value);
  }
}
