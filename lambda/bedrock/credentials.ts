import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import { asMeant } from '../config.ts';
import { noCredentialsText } from './sign-in.ts';

const credentialNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

/**
 * In place of `@aws-sdk/credential-provider-node` in the function's bundle: the two kinds of credentials that
 * occur on Lambda. Its role's are in the environment; under SnapStart they come from a local endpoint
 * (https://docs.aws.amazon.com/lambda/latest/dg/snapstart-best-practices.html#snapstart-credentials), which is
 * the one that containers have. Profiles, SSO, web identity, processes and instance metadata are a laptop's or
 * another service's: 110 KB that cannot run.
 */
export function defaultProvider(): AwsCredentialIdentityProvider {
  let container: Promise<AwsCredentialIdentityProvider> | undefined;
  return async () => {
    const [accessKeyId, secretAccessKey, sessionToken] = credentialNames.map((name) =>
      asMeant(process.env[name] ?? ''),
    );
    if (accessKeyId && secretAccessKey) {
      return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    }
    const { AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_CREDENTIALS_RELATIVE_URI } = process.env;
    if (!AWS_CONTAINER_CREDENTIALS_FULL_URI && !AWS_CONTAINER_CREDENTIALS_RELATIVE_URI) throw noCredentials();
    container ??= import('@aws-sdk/credential-provider-http').then(({ fromHttp }) => remembered(fromHttp()));
    return (await container)();
  };
}

/** The SDK renews credentials as early. */
const renewMs = 300_000;

/** How long it is believed that they cannot be: each question that fails takes seconds. */
const failureMs = 10_000;

/** What cannot be renewed is used to its end: its source may be back by then. */
export function remembered(provider: AwsCredentialIdentityProvider): AwsCredentialIdentityProvider {
  let known: AwsCredentialIdentity | undefined;
  let askAt = 0;
  return async () => {
    const now = Date.now();
    const left = known ? (known.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - now : 0;
    if (known && (left > renewMs || (left > 0 && now < askAt))) return known;
    known = await provider().catch((error: unknown) => {
      askAt = now + failureMs;
      if (known && left > 0) return known;
      throw error;
    });
    return known;
  };
}

function noCredentials(): Error {
  const error = new Error(noCredentialsText);
  error.name = 'CredentialsProviderError';
  return error;
}
