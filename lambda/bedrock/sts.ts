import { HttpRequest } from '@smithy/core/transport';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { AssumedRole, CallerCredentials } from '../backends/backend.ts';
import { bounded } from './bounded.ts';
import type { Service } from './endpoint.ts';
import { textOf } from './exception.ts';
import { type ClientSettings, signedCall } from './signed-call.ts';

export interface Session {
  credentials: CallerCredentials;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** Asks STS of a region for a session of a role. Rejects with AWS's error, by its code. */
export type AssumeRole = (role: AssumedRole, region: string) => Promise<Session>;

const sts: Service = { host: 'sts', variable: 'STS', signedFor: 'sts' };

/** A role that assumes a role gets an hour at most (IAM user guide, “role chaining”), and Lambda's is one. */
const durationSeconds = 3600;
const attemptMs = 5000;
const attempts = 2;

/** STS has an error, by the code of its XML; `status` is that of HTTP. */
class StsError extends Error {
  readonly status: number;

  constructor(code: string, status: number) {
    super('STS refused to assume a role.');
    this.name = code;
    this.status = status;
  }
}

/**
 * AWS's Query protocol (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html) for the one operation that is called:
 * a form goes out, and four elements of the XML that comes back are read, none of which has attributes or entities.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function createAssumeRole(settings: {
  handler: ClientSettings['requestHandler'];
  credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider;
}): AssumeRole {
  const { handler: requestHandler, credentials } = settings;
  const once = async (body: Buffer, region: string): Promise<Session> => {
    const call = signedCall(sts, { region, requestHandler, credentials });
    const { path, ...endpoint } = await call.endpoint();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const request = new HttpRequest({ ...endpoint, method: 'POST', path: `${path}/`, headers, body });
    return bounded(attemptMs, async (abortSignal) => {
      const { statusCode, body: answer } = await call.send(request, { abortSignal });
      const text = await textOf(answer);
      if (statusCode >= 300) throw new StsError(elementOf(text, 'Code') ?? `Status${statusCode}`, statusCode);
      return sessionIn(text);
    });
  };
  return async (role, region) => {
    const body = Buffer.from(formOf(role).toString());
    for (let left = attempts - 1; ; left -= 1) {
      try {
        return await once(body, region);
      } catch (error) {
        const isFinal = error instanceof StsError && error.status < 500;
        if (left === 0 || isFinal) throw error;
      }
    }
  };
}

function formOf({ arn, session, tags }: AssumedRole): URLSearchParams {
  const form = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: arn,
    RoleSessionName: session,
    DurationSeconds: String(durationSeconds),
  });
  for (const [index, [key, value]] of Object.entries(tags).entries()) {
    form.set(`Tags.member.${index + 1}.Key`, key);
    form.set(`Tags.member.${index + 1}.Value`, value);
  }
  return form;
}

function sessionIn(xml: string): Session {
  const [accessKeyId, secretAccessKey, sessionToken, expiration] = [
    'AccessKeyId',
    'SecretAccessKey',
    'SessionToken',
    'Expiration',
  ].map((name) => elementOf(xml, name));
  const expiresAt = Date.parse(expiration ?? '');
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiresAt))
    throw new StsError('IncompleteAnswer', 200);
  return { credentials: { accessKeyId, secretAccessKey, sessionToken }, expiresAt };
}

const elementOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1];
