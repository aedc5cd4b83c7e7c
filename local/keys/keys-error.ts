import { fileFailure } from '../file-failure.ts';

/** Something the user has to put right. */
export class KeysError extends Error {
  override name = 'KeysError';
}

/** Why a command could not be done, for a person. */
export function toldFailure(error: unknown): string {
  const refused = fileFailure(error);
  if (refused !== undefined) return refused;
  if (!(error instanceof Error)) return String(error);
  return error.name === 'CredentialsProviderError'
    ? 'No AWS credentials were found (npx gateway doctor says more). For keys in a file give --file.'
    : error.message;
}
