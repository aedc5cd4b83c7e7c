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

function remembered(provider: AwsCredentialIdentityProvider): AwsCredentialIdentityProvider {
  let known: AwsCredentialIdentity | undefined;
  return async () => {
    if (!known || (known.expiration && known.expiration.getTime() - Date.now() < renewMs)) {
      known = await provider();
    }
    return known;
  };
}

function noCredentials(): Error {
  const error = new Error(noCredentialsText);
  error.name = 'CredentialsProviderError';
  return error;
}
