import { createControlPlane } from '../../../lambda/bedrock/control-plane.ts';
import { readConfig } from '../../../lambda/config.ts';
import { createCatalogue } from '../../../lambda/models/catalogue/catalogue.ts';
import { createLookUp } from '../../../lambda/models/profiles/lookup.ts';
import { createResolver } from '../../../lambda/models/resolve/resolve.ts';

/** What the SDK reads to find a simulator instead of AWS. */
export const simulatorEnv = (url: string): Record<string, string> => ({
  AWS_ENDPOINT_URL_BEDROCK: url,
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
  AWS_ENDPOINT_URL_STS: `${url}/sts`,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIATEST000000000000',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '1',
});

/** The parts as the function puts them together, over the real SDK. */
export function simulatedParts(env: Record<string, string> = {}) {
  const config = readConfig({ AWS_REGION: 'us-east-1', ...env });
  const controlPlane = createControlPlane({ maxAttempts: 1 });
  const { regions, catalogueTtlMs: ttlMs } = config;
  const catalogue = createCatalogue({ list: controlPlane.list, regions, ttlMs });
  const lookUp = createLookUp({ describe: controlPlane.describe, ttlMs });
  return { config, controlPlane, catalogue, resolver: createResolver({ config, catalogue, lookUp }) };
}
