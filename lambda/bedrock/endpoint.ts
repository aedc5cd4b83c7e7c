/**
 * Where a service is called, as the SDK finds it out on Lambda: the endpoint variables first, then the region's
 * host name. Throws where FIPS or dual-stack endpoints are asked for beside an endpoint of one's own.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function endpointOf(service: Service, region: string, env: NodeJS.ProcessEnv = process.env): URL {
  const fips = env.AWS_USE_FIPS_ENDPOINT === 'true';
  const dualStack = env.AWS_USE_DUALSTACK_ENDPOINT === 'true';
  const configured =
    env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true'
      ? undefined
      : env[`AWS_ENDPOINT_URL_${service.variable}`] || env.AWS_ENDPOINT_URL;
  if (configured) {
    if (fips || dualStack) {
      throw new Error('Invalid Configuration: FIPS or dual-stack and a custom endpoint are not supported');
    }
    return new URL(configured);
  }
  const [plain, both] = suffixes.find(([prefix]) => region.startsWith(prefix))?.[1] ?? standard;
  const host = `${service.host}${fips ? '-fips' : ''}`;
  const suffix = dualStack && !(service.plainIsDualStack && plain.startsWith('amazonaws.com')) ? both : plain;
  return new URL(`https://${host}.${region}.${suffix}`);
}

export interface Service {
  /** What its host names begin with. */
  host: string;
  /** What its variable ends with: AWS_ENDPOINT_URL_<variable>. */
  variable: string;
  /** What requests are signed for. */
  signedFor: string;
  /** In the older partitions its plain names are the dual-stack ones, too. */
  plainIsDualStack?: true;
  /** Takes a Bedrock API key in place of a signature. */
  takesApiKeys?: true;
}

export const bedrockRuntime: Service = {
  host: 'bedrock-runtime',
  variable: 'BEDROCK_RUNTIME',
  signedFor: 'bedrock',
  takesApiKeys: true,
};
export const secretsManager: Service = {
  host: 'secretsmanager',
  variable: 'SECRETS_MANAGER',
  signedFor: 'secretsmanager',
  plainIsDualStack: true,
};

type Suffixes = readonly [plain: string, dualStack: string];
const standard: Suffixes = ['amazonaws.com', 'api.aws'];
/** The partitions whose names differ, by the beginning of their regions. The SDK's table is the test's. */
const suffixes: readonly (readonly [prefix: string, Suffixes])[] = [
  ['cn-', ['amazonaws.com.cn', 'api.amazonwebservices.com.cn']],
  ['eusc-', ['amazonaws.eu', 'api.amazonwebservices.eu']],
  ['us-isob-', ['sc2s.sgov.gov', 'api.aws.scloud']],
  ['us-isof-', ['csp.hci.ic.gov', 'api.aws.hci.ic.gov']],
  ['us-iso-', ['c2s.ic.gov', 'api.aws.ic.gov']],
  ['eu-isoe-', ['cloud.adc-e.uk', 'api.cloud-aws.adc-e.uk']],
];
