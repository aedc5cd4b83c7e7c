import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import {
  bedrockRuntime as bedrock,
  endpointOf,
  secretsManager as secrets,
} from '../../../lambda/bedrock/endpoint.ts';

const regions = [
  ...['us-east-1', 'eu-central-2', 'ap-southeast-7', 'mx-central-1', 'il-central-1', 'us-gov-west-1'],
  ...['cn-north-1', 'eusc-de-east-1', 'us-iso-east-1', 'us-isob-east-1', 'us-isof-south-1', 'eu-isoe-west-1'],
];
const settings = [
  { useFipsEndpoint: false, useDualstackEndpoint: false },
  { useFipsEndpoint: true, useDualstackEndpoint: false },
  { useFipsEndpoint: false, useDualstackEndpoint: true },
  { useFipsEndpoint: true, useDualstackEndpoint: true },
];

/** What the SDK's own rules say. */
function bySdk(
  client: BedrockRuntimeClient | SecretsManagerClient,
  region: string,
  flags: (typeof settings)[number],
) {
  const { useFipsEndpoint: UseFIPS, useDualstackEndpoint: UseDualStack } = flags;
  return client.config.endpointProvider({ Region: region, UseFIPS, UseDualStack }).url.host;
}

describe('endpoints', () => {
  test.each(regions)('are the SDK’s own: %s', (region) => {
    const runtime = new BedrockRuntimeClient({ region });
    const manager = new SecretsManagerClient({ region });
    // There are no FIPS endpoints in China.
    const possible = settings.filter((flags) => !(flags.useFipsEndpoint && region.startsWith('cn-')));
    for (const flags of possible) {
      const env = {
        AWS_USE_FIPS_ENDPOINT: String(flags.useFipsEndpoint),
        AWS_USE_DUALSTACK_ENDPOINT: String(flags.useDualstackEndpoint),
      };
      expect(endpointOf(bedrock, region, env).host).toBe(bySdk(runtime, region, flags));
      expect(endpointOf(secrets, region, env).host).toBe(bySdk(manager, region, flags));
    }
  });

  test('the service’s own variable, then the common one, unless they are to be ignored', () => {
    const env = { AWS_ENDPOINT_URL: 'http://all:1/x', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://one:2' };
    expect(endpointOf(bedrock, 'us-east-1', env).href).toBe('http://one:2/');
    expect(endpointOf(secrets, 'us-east-1', env).href).toBe('http://all:1/x');
    const ignored = { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect(endpointOf(bedrock, 'us-east-1', ignored).host).toBe('bedrock-runtime.us-east-1.amazonaws.com');
  });

  test('FIPS beside an endpoint of one’s own is refused, as the SDK does', () => {
    const env = { AWS_ENDPOINT_URL: 'http://x', AWS_USE_FIPS_ENDPOINT: 'true' };
    expect(() => endpointOf(bedrock, 'us-east-1', env)).toThrow('Invalid Configuration');
  });
});
