import { isRegion } from '../aws/regions.ts';
import type { CallerCredentials } from '../backends/backend.ts';
import { asMeant } from '../config.ts';
import { GatewayError } from '../errors.ts';
import type { credentialHeaders } from './caller-credentials.ts';

/**
 * What is sure to be none ends here, before anything is read or looked up for it
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html).
 */
const isKeyId = /^\w{16,128}$/;
const isSecret = /^[\x21-\x7e]{16,256}$/;
const isToken = /^[\x21-\x7e]{0,8192}$/;

export interface CallerIdentity {
  credentials: CallerCredentials;
  region?: string;
}

/** Half a set, or one that cannot be right, is a 400; no value is repeated. */
export function readCallerCredentials(headers: Headers): CallerIdentity {
  const read = (name: (typeof credentialHeaders)[number]) => asMeant(headers.get(name) ?? '');
  const accessKeyId = read('x-aws-access-key-id');
  const secretAccessKey = read('x-aws-secret-access-key');
  const sessionToken = read('x-aws-session-token');
  const region = read('x-aws-region');
  if (!accessKeyId || !secretAccessKey) {
    throw invalid(
      'send both x-aws-access-key-id and x-aws-secret-access-key, and x-aws-session-token with temporary ones.',
    );
  }
  if (!isKeyId.test(accessKeyId) || !isSecret.test(secretAccessKey) || !isToken.test(sessionToken)) {
    throw invalid('they do not have the form of an AWS access key, its secret and its session token.');
  }
  if (region && !isRegion(region)) {
    throw invalid('x-aws-region must be an AWS region such as us-east-1.');
  }
  return {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    ...(region && { region }),
  };
}

function invalid(what: string): GatewayError {
  return new GatewayError({
    status: 400,
    reason: 'bad_request',
    code: 'invalid_credentials',
    message: `The AWS credentials in the request headers cannot be used: ${what}`,
  });
}
