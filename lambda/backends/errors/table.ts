import type { Row } from './row.ts';
import { accessRows, credentialRows } from './rows-access.ts';
import { requestRows } from './rows-request.ts';
import { capacityRows, modelRows } from './rows-service.ts';

/**
 * The one table from AWS exception to error; the first row that fits decides. Statuses by
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors,
 * texts as recorded or as quoted in public bug reports. Texts that name an account, a role or a key are never
 * passed on. Nor are Bedrock's words for throttling: "too many tokens" makes coding agents believe that the
 * conversation is too long, and compact it.
 */
export const rows: readonly Row[] = [
  ...credentialRows,
  ...accessRows,
  ...requestRows,
  ...capacityRows,
  ...modelRows,
];

/** What an exception without a name of its own in the table is taken for. */
export const nameByStatus: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  401: 'UnrecognizedClientException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  408: 'ModelTimeoutException',
  409: 'ConflictException',
  424: 'ModelErrorException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
  502: 'ServiceUnavailableException',
  503: 'ServiceUnavailableException',
  504: 'ModelTimeoutException',
};

export const knownNames: ReadonlySet<string> = new Set(rows.flatMap((row) => row.names ?? []));
