import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BedrockError } from '../errors.ts';
import { accessDenied, S3Refusal } from './refusal.ts';

/** Credentials whose secret is known here, so that their signatures can be checked: those that tests and `npm start` use. */
const secrets: ReadonlyMap<string, string> = new Map([
  ['AKIASIMULATOR0000000', 'simulator'],
  ['AKIATEST', 'test-secret'],
]);

/**
 * Signature Version 4 as S3 has it: over the path as it stands in the request, neither encoded a second time nor tidied, and
 * over the hash that `x-amz-content-sha256` names (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 * The form, the date and the scope are checked before. Throws S3Refusal.
 */
export function checkS3Signature({ method = '', url = '', headers }: IncomingMessage, body: Buffer): void {
  const claimed = headers['x-amz-content-sha256'];
  if (typeof claimed !== 'string')
    throw new S3Refusal('MissingSecurityHeader', 'Your request was missing a required header');
  if (claimed !== 'UNSIGNED-PAYLOAD' && claimed !== sha256(body))
    throw new S3Refusal(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  const [, keyId = '', scope = '', signed = '', signature = ''] =
    /Credential=([^/]+)\/([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=(\w+)/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const secret = secrets.get(keyId);
  if (secret === undefined) return;
  const [path = '', query = ''] = url.split('?');
  const names = signed.split(';');
  const canonical = [
    method,
    path,
    query.split('&').filter(Boolean).map(withValue).sort().join('&'),
    ...names.map(
      (name) =>
        `${name}:${String(headers[name] ?? '')
          .trim()
          .replace(/ +/g, ' ')}`,
    ),
    '',
    signed,
    claimed,
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const [day = '', region = '', service = '', last = ''] = scope.split('/');
  const key = [day, region, service, last].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  if (hmac(key, toSign).toString('hex') !== signature)
    throw new S3Refusal(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
}

/** The checks that all services have in common, with S3's own names for what they refuse. */
export function inS3Words<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof BedrockError)) throw error;
    if (/^Signature (?:expired|not yet current)/.test(error.message))
      throw new S3Refusal(
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
      );
    if (error.exception === 'InvalidSignatureException')
      throw new S3Refusal('SignatureDoesNotMatch', error.message);
    throw accessDenied();
  }
}

const withValue = (parameter: string): string => (parameter.includes('=') ? parameter : `${parameter}=`);
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
