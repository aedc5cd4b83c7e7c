import { GatewayError } from '../../errors.ts';

/** What is not there, is another key's, or has never been: nobody can tell one from the other. */
export function noSuchFile(id: string): GatewayError {
  return new GatewayError({
    status: 404,
    reason: 'bad_request',
    code: 'file_not_found',
    message: `No such file: ${shown(id)}. Files belong to the API key that made them, and are gone when they expire.`,
  });
}

export function noSuchBatch(id: string): GatewayError {
  return new GatewayError({
    status: 404,
    reason: 'bad_request',
    code: 'batch_not_found',
    message: `No such batch: ${shown(id)}. Batches belong to the API key that made them, and are gone when they expire.`,
  });
}

const shown = (id: string): string => id.replace(/[^\x21-\x7e]/g, '?').slice(0, 100);
