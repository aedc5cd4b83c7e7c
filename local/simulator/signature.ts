import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { BedrockError, type ExceptionName } from './errors.ts';

export interface Caller {
  accessKeyId: string;
  /** What the request is signed for; a Bedrock API key does not say. */
  region?: string;
  /** What it is signed for. */
  service?: string;
}

/** S3 has the same address here; the signature says which service a call is for. */
export const isSignedForS3 = ({ authorization: header = '' }: IncomingHttpHeaders): boolean =>
  /\/s3\/aws4_request/.test(header);

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/** Access key ids that AWS would not take: any that contain one of these words. */
export const specialKeys: Record<string, { exception: ExceptionName; message: string }> = {
  EXPIRED: {
    exception: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
  },
  UNKNOWN: {
    exception: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
  },
};

/** Names that Bedrock's endpoints are signed for. */
const bedrock = ['bedrock', 'bedrock-mantle'];
const comprehend = ['comprehend'];

const allowedSkewMs = 15 * 60_000;

/**
 * Who calls, by the form of a Signature Version 4 request or by a Bedrock API key. Any credentials do: the signature itself cannot be
 * recomputed without the secret, everything about it that can be checked is. Throws AWS's errors.
 */
export function checkSignature(
  headers: IncomingHttpHeaders,
  body: Buffer,
  now: number,
  wanted: readonly string[] = bedrock,
): Caller {
  const header = headers.authorization;
  if (!header) throw new BedrockError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const bearer = /^Bearer (.*)$/.exec(header);
  // Other services do not know Bedrock's keys.
  if (bearer && wanted === bedrock) return checkApiKey(bearer[1]!);
  const match = authorization.exec(header);
  if (!match)
    throw incomplete(
      'Authorization header requires well-formed Credential, SignedHeaders and Signature parameters.',
    );
  const [, accessKeyId = '', day = '', region = '', service = '', signed = ''] = match;
  const asked = String(headers['x-amz-target'] ?? '').startsWith('Comprehend_') ? comprehend : wanted;
  if (!asked.includes(service))
    throw badSignature(`Credential should be scoped to correct service: '${asked[0]}'.`);
  checkDate(String(headers['x-amz-date'] ?? ''), day, now);
  checkSignedHeaders(signed.split(';'), headers);
  checkBodyHash(headers['x-amz-content-sha256'], body);
  for (const [word, { exception, message }] of Object.entries(specialKeys)) {
    if (accessKeyId.includes(word)) throw new BedrockError(exception, message);
  }
  return { accessKeyId, region, service };
}

/** Long-term keys and short-term ones (https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html). */
const keyPrefix = /^(ABSK|bedrock-api-key-)/;

/** Any key of the right form does. The words are the service's, as public reports quote them. */
function checkApiKey(key: string): Caller {
  if (!keyPrefix.test(key))
    throw new BedrockError(
      'AccessDeniedException',
      'Invalid API Key format: Must start with pre-defined prefix',
    );
  if (Object.keys(specialKeys).some((word) => key.includes(word)))
    throw new BedrockError(
      'AccessDeniedException',
      'Authentication failed: Please make sure your API Key is valid.',
    );
  return { accessKeyId: 'a Bedrock API key' };
}

function checkDate(amzDate: string, day: string, now: number): void {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate);
  if (!parts)
    throw incomplete(`Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.`);
  const [, year, month, date, hour, minute, second] = parts;
  const at = Date.parse(`${year}-${month}-${date}T${hour}:${minute}:${second}Z`);
  if (amzDate.slice(0, 8) !== day)
    throw badSignature(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${amzDate.slice(0, 8)}', from '${amzDate}'.`,
    );
  const stamp = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
  if (at < now - allowedSkewMs) {
    throw badSignature(
      `Signature expired: ${amzDate} is now earlier than ${stamp(now - allowedSkewMs)} (${stamp(now)} - 15 min.)`,
    );
  }
  if (at > now + allowedSkewMs) {
    throw badSignature(
      `Signature not yet current: ${amzDate} is still later than ${stamp(now + allowedSkewMs)} (${stamp(now)} + 15 min.)`,
    );
  }
}

function checkSignedHeaders(signed: string[], headers: IncomingHttpHeaders): void {
  const alsoSigned = ['x-amz-security-token', 'x-amzn-bedrock-request-metadata'];
  const needed = ['host', 'x-amz-date', ...alsoSigned.filter((name) => headers[name] !== undefined)];
  const missing = needed.filter((name) => !signed.includes(name));
  if (missing.length > 0)
    throw badSignature(`'${missing[0]}' must be a 'SignedHeader' in the AWS Authorization.`);
  const absent = signed.filter((name) => headers[name] === undefined);
  if (absent.length > 0) throw badSignature(`The signed header '${absent[0]}' is not in the request.`);
}

function checkBodyHash(claimed: string | string[] | undefined, body: Buffer): void {
  if (claimed === undefined || claimed === 'UNSIGNED-PAYLOAD') return;
  if (claimed !== createHash('sha256').update(body).digest('hex')) {
    throw badSignature(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
}

const incomplete = (message: string) => new BedrockError('IncompleteSignatureException', message);
const badSignature = (message: string) => new BedrockError('InvalidSignatureException', message);
