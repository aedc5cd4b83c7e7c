import type { FoundationModelSummary, InferenceProfileSummary } from './account-types.ts';
import type { CatalogueRow, Geography } from './catalogue-row.ts';
import { foundationModels } from './foundation-models.ts';
import { applicationProfiles } from './owned.ts';

const providers: Record<string, string> = {
  ai21: 'AI21 Labs',
  amazon: 'Amazon',
  anthropic: 'Anthropic',
  cohere: 'Cohere',
  deepseek: 'DeepSeek',
  google: 'Google',
  luma: 'Luma AI',
  meta: 'Meta',
  minimax: 'MiniMax',
  mistral: 'Mistral AI',
  moonshot: 'Moonshot AI',
  moonshotai: 'Moonshot AI',
  nvidia: 'NVIDIA',
  openai: 'OpenAI',
  qwen: 'Qwen',
  simulator: 'Simulator',
  stability: 'Stability AI',
  twelvelabs: 'TwelveLabs',
  writer: 'Writer',
  xai: 'xAI',
  zai: 'Z.AI',
};
const modalities: Record<string, string> = { T: 'TEXT', I: 'IMAGE', V: 'VIDEO', S: 'SPEECH', E: 'EMBEDDING' };
const spell = (letters: string): string[] => [...letters].map((letter) => modalities[letter]!);

export function partitionOf(region: string): string {
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('cn-') ? 'aws-cn' : 'aws';
}

export const foundationArn = (region: string, id: string): string =>
  `arn:${partitionOf(region || 'us-east-1')}:bedrock:${region}::foundation-model/${id}`;

export const accountArn = (region: string, account: string, resource: string): string =>
  `arn:${partitionOf(region)}:bedrock:${region}:${account}:${resource}`;

export function foundationSummary(row: CatalogueRow, region: string): FoundationModelSummary {
  return {
    modelArn: foundationArn(region, row.id),
    modelId: row.id,
    modelName: row.name,
    providerName: providers[row.id.split('.')[0]!] ?? row.id.split('.')[0]!,
    inputModalities: spell(row.input ?? 'T'),
    outputModalities: spell(row.output ?? 'T'),
    responseStreamingSupported: row.streams ?? true,
    customizationsSupported: [],
    inferenceTypesSupported: inferenceTypes(row),
    modelLifecycle: lifecycle(row),
  };
}

// INFERENCE_PROFILE is not in the SDK's enum; the live service sends it (aws-samples/sample-per-model-bedrock).
function inferenceTypes(row: CatalogueRow): string[] {
  return [...(row.onDemand ? ['ON_DEMAND'] : []), ...(row.geographies?.length ? ['INFERENCE_PROFILE'] : [])];
}

function lifecycle(row: CatalogueRow): FoundationModelSummary['modelLifecycle'] {
  const ends = row.ends && { endOfLifeTime: `${row.ends}T00:00:00Z` };
  if (!row.lifecycle) return { status: 'ACTIVE', startOfLifeTime: '2026-01-15T00:00:00Z', ...ends };
  return {
    status: 'LEGACY',
    startOfLifeTime: '2024-05-01T00:00:00Z',
    legacyTime: '2026-01-30T00:00:00Z',
    endOfLifeTime: '2027-06-30T00:00:00Z',
    ...ends,
  };
}

const regionsOf: Record<Geography, readonly string[]> = {
  us: ['us-east-1', 'us-east-2', 'us-west-2'],
  in: ['ap-south-1', 'ap-south-2'],
  eu: ['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-3'],
  apac: ['ap-northeast-1', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2'],
  global: [''],
};
const inside: Record<Geography, RegExp> = {
  us: /^us-(east|west)-/,
  eu: /^eu-/,
  in: /^ap-south-/,
  apac: /^ap-/,
  global: /^/,
};

/** The system-defined profiles that can be called from a region: those of its geography, and the global ones. */
export function systemProfiles(region: string, account: string): InferenceProfileSummary[] {
  return foundationModels.flatMap((row) =>
    (row.geographies ?? [])
      .filter((geography) => inside[geography].test(region))
      .map((geography) => systemProfile(row, geography, region, account)),
  );
}

function systemProfile(row: CatalogueRow, geography: Geography, region: string, account: string) {
  const id = `${geography}.${row.id}`;
  const destinations = geography === 'global' ? [region, ''] : regionsOf[geography];
  return {
    ...dated('2026-01-15T00:00:00Z'),
    inferenceProfileName: `${geography.toUpperCase()} ${row.name}`,
    description: `Routes requests to ${row.name} in ${geography === 'global' ? 'all regions' : destinations.join(', ')}.`,
    inferenceProfileArn: accountArn(region, account, `inference-profile/${id}`),
    models: destinations.map((destination) => ({ modelArn: foundationArn(destination, row.id) })),
    inferenceProfileId: id,
    status: 'ACTIVE' as const,
    type: 'SYSTEM_DEFINED' as const,
  };
}

/** The application profiles of the home region; those made by CreateInferenceProfile come from the World. */
export function ownProfiles(region: string, account: string): InferenceProfileSummary[] {
  return applicationProfiles.map(({ id, name, copyOf, created }) =>
    applicationProfile(id, name, modelsOf(copyOf, region, account), created, region, account),
  );
}

/** The destinations of a profile, or of a foundation model taken alone; empty when there is no such thing. */
export function modelsOf(source: string, region: string, account: string): { modelArn: string }[] {
  const id = source.replace(/^arn:[^/]*\//, '');
  const profile = systemProfiles(region, account).find((candidate) => candidate.inferenceProfileId === id);
  if (profile) return profile.models;
  const row = foundationModels.find((candidate) => candidate.id === id && candidate.onDemand);
  return row ? [{ modelArn: foundationArn(region, row.id) }] : [];
}

export function applicationProfile(
  id: string,
  name: string,
  models: { modelArn: string }[],
  created: string,
  region: string,
  account: string,
): InferenceProfileSummary {
  return {
    ...dated(created),
    inferenceProfileName: name,
    description: '',
    inferenceProfileArn: accountArn(region, account, `application-inference-profile/${id}`),
    models,
    inferenceProfileId: id,
    status: 'ACTIVE',
    type: 'APPLICATION',
  };
}

const dated = (at: string) => ({ createdAt: at, updatedAt: at });
