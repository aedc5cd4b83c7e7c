import type { CallerCredentials } from '../backends/backend.ts';
import { ApiError } from '../errors.ts';

/** Headers by which callers bring their own AWS credentials; `x-provider` is accepted and means nothing. */
const names = [
  'x-aws-access-key-id',
  'x-aws-secret-access-key',
  'x-aws-session-token',
  'x-aws-region',
] as const;

export function hasCallerCredentials(headers: Headers): boolean {
  return names.some((name) => headers.has(name));
}

export interface CallerIdentity {
  credentials: CallerCredentials;
  region?: string;
}

/** Undefined when the caller brought none. Half a set is a 400; no value is ever repeated in an error. */
export function readCallerCredentials(headers: Headers): CallerIdentity | undefined {
  if (!hasCallerCredentials(headers)) return undefined;
  const accessKeyId = headers.get('x-aws-access-key-id');
  const secretAccessKey = headers.get('x-aws-secret-access-key');
  const sessionToken = headers.get('x-aws-session-token');
  const region = headers.get('x-aws-region');
  if (!accessKeyId || !secretAccessKey) {
    throw invalid(
      'send both x-aws-access-key-id and x-aws-secret-access-key, and x-aws-session-token with temporary ones.',
    );
  }
  if (region && !/^[a-z]{2,}(-[a-z]+)+-\d$/.test(region)) {
    throw invalid('x-aws-region must be an AWS region such as us-east-1.');
  }
  return {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    ...(region && { region }),
  };
}

function invalid(what: string): ApiError {
  return new ApiError({
    status: 400,
    type: 'invalid_request_error',
    reason: 'bad_request',
    code: 'invalid_credentials',
    message: `The AWS credentials in the request headers cannot be used: ${what}`,
  });
}
