import { adviceFor, errorName } from './doctor-advice.ts';
import type { Finding } from './doctor-finding.ts';

/** It is one small call; without an endpoint in a closed network it would hang. */
const timeoutMs = 5000;

/** What STS says only when the credentials themselves are no good. */
const refused = new Set(['ExpiredToken', 'InvalidClientTokenId', 'SignatureDoesNotMatch']);

/** Whose credentials they are: STS GetCallerIdentity, which everybody may call. */
export async function checkIdentity(region: string): Promise<Finding> {
  const { STSClient, GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ region, maxAttempts: 2 });
  try {
    const abortSignal = AbortSignal.timeout(timeoutMs);
    const { Arn, Account } = await client.send(new GetCallerIdentityCommand({}), { abortSignal });
    return { state: 'good', text: `identity: ${Arn} (account ${Account})` };
  } catch (error) {
    const name = errorName(error);
    if (refused.has(name)) return { state: 'bad', text: `identity: ${name}`, todo: adviceFor(error, '') };
    return {
      state: 'note',
      text: `identity: not known, STS could not be asked (${name})`,
      todo: 'The gateway does not need STS. To see the identity, allow HTTPS to it from here (AWS_ENDPOINT_URL_STS names another endpoint).',
    };
  } finally {
    client.destroy();
  }
}
