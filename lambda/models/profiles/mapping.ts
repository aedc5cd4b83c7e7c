import { ConfigError } from '../../config.ts';
import { arnKind } from '../names/arn-kinds.ts';
import { parseArn } from '../names/model-id.ts';

export type ProfileMappings = Readonly<Record<string, string>>;

const setting = 'BEDROCK_INFERENCE_PROFILE_MAPPINGS';

/** The model that the setting gives for an ARN, through as many steps as it takes; undefined: not mapped. */
export function mappedModel(mappings: ProfileMappings, arn: string): string | undefined {
  const seen = new Set<string>();
  let model = arn;
  while (Object.hasOwn(mappings, model) && !seen.has(model)) {
    seen.add(model);
    model = mappings[model] as string;
  }
  return seen.size > 0 ? model : undefined;
}

/** Refuses mappings that lead nowhere. Throws a ConfigError that names the ARN. */
export function checkProfileMappings(mappings: ProfileMappings): void {
  for (const arn of Object.keys(mappings)) {
    checkKey(arn);
    checkChain(mappings, arn);
  }
}

function checkKey(arn: string): void {
  const kind = arnKind(parseArn(arn)?.resource ?? '');
  if (kind === 'hidden' || kind === 'opaque') return;
  throw new ConfigError(
    `${setting}: ${JSON.stringify(arn)} is not the ARN of something that hides its model, such as ` +
      'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6',
  );
}

function checkChain(mappings: ProfileMappings, arn: string): void {
  const seen = new Set<string>();
  let model = arn;
  while (Object.hasOwn(mappings, model)) {
    if (seen.has(model)) throw new ConfigError(`${setting}: ${JSON.stringify(arn)} leads back to itself`);
    seen.add(model);
    model = mappings[model] as string;
  }
  const where = `${setting}: ${JSON.stringify(arn)} is mapped to ${JSON.stringify(model)}`;
  if (/\s/.test(model)) throw new ConfigError(`${where}, which is no model id`);
  if (!/^arn:/i.test(model)) return;
  const kind = arnKind(parseArn(model)?.resource ?? '');
  if (kind === undefined) throw new ConfigError(`${where}, which is not the ARN of a model`);
  if (kind === 'hidden' || kind === 'opaque')
    throw new ConfigError(`${where}, which hides its model too; map that ARN as well or name the model`);
}
