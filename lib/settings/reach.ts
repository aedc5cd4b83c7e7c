import { isRegion } from '../../lambda/aws/regions.ts';
import type { Config } from '../../lambda/config.ts';

/** Where the settings let requests go. */
export interface Reach {
  /** The regions that the settings name; none: they name none, and the function calls its own. */
  regions: readonly string[];
  residency: Config['residency'];
  /** Models may be asked in OpenAI's own APIs, whose paths need a permission of their own. */
  nativeOpenAi: boolean;
  /** Models of bedrock-mantle may be called. */
  mantle: boolean;
}

/** Names that say their region: ARNs of Bedrock and SageMaker, and `custom:<region>:<model>`. */
const regional = /\b(?:arn:[\w-]+:(?:bedrock|sagemaker):|custom:)([a-z0-9-]+):/g;

/**
 * By the function's environment. The regions of models that other settings name (aliases, fallbacks, a guardrail)
 * count beside those of `regions`, because somebody put them there to be called.
 */
export function reachOf(environment: Readonly<Record<string, string>>): Reach {
  const { GATEWAY_REGIONS = '', RESIDENCY = 'global', ENABLE_NATIVE_OPENAI = 'true' } = environment;
  const { ENABLE_MANTLE = 'false' } = environment;
  const listed = GATEWAY_REGIONS.split(',').filter((region) => region !== '');
  const rest = {
    residency: RESIDENCY as Reach['residency'],
    nativeOpenAi: ENABLE_NATIVE_OPENAI === 'true',
    mantle: ENABLE_MANTLE === 'true',
  };
  if (listed.length === 0) return { regions: [], ...rest };
  const named = Object.values(environment).flatMap((value) =>
    [...value.matchAll(regional)].map(([, region = '']) => region).filter(isRegion),
  );
  return { regions: [...new Set([...listed, ...named])], ...rest };
}

/** A role's policies may have 10,240 characters in all, and a region takes 1,000: every kind of model has its ARN. */
export const maxRegions = 6;
