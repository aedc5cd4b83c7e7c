import { capabilitiesOf } from '../families/capabilities-of.ts';
import { baseModelId } from '../names/model-id.ts';
import type { Residency } from '../profiles/pick.ts';
import { accountRows } from './account-rows.ts';
import type { CatalogueEntry } from './entry.ts';
import { lifecycleOf, seconds } from './lifecycle.ts';
import { offerOf } from './offer.ts';
import { callable, type RegionListings, type Row } from './row.ts';

/**
 * Inference types that do not make a model callable by its own id: those of `INFERENCE_PROFILE` only are
 * called through a profile, those of `PROVISIONED` only through provisioned throughput.
 */
const indirect = new Set(['PROVISIONED', 'INFERENCE_PROFILE']);

/** Everything one region offers, as catalogue entries. Pure; `now` in epoch seconds decides what has ended. */
export function rowsOf(
  region: string,
  from: RegionListings,
  now: number,
  residency: Residency = 'global',
): CatalogueEntry[] {
  const foundation = foundationRows(region, from, now);
  const models = new Map(foundation.map((row) => [row.modelId, row]));
  const rows = [...foundation, ...profileRows(region, from), ...accountRows(region, from)];
  return rows.map((row) => complete(row, models.get(baseModelId(row.underlying ?? '')), residency));
}

/** What is called through a model takes its modalities, maker and lifecycle from it. */
function complete(row: Row, model: Row | undefined, residency: Residency): CatalogueEntry {
  const { underlying } = row;
  const whole = {
    ...row,
    input: row.input.length > 0 ? row.input : (model?.input ?? []),
    output: row.output.length > 0 ? row.output : (model?.output ?? []),
    lifecycle: row.lifecycle ?? model?.lifecycle,
  };
  return {
    ...whole,
    ...offerOf(whole, residency),
    regions: [row.region],
    streaming: row.streaming ?? model?.streaming,
    provider: row.provider ?? model?.provider ?? providerOf(underlying),
    capabilities: capabilitiesOf(underlying ?? row.modelId),
  };
}

const providerOf = (underlying = '') => baseModelId(underlying).split('.')[0] || 'unknown';

function foundationRows(region: string, from: RegionListings, now: number): Row[] {
  return (from.foundationModels ?? []).flatMap((model): Row[] => {
    const { modelId, modelArn: arn } = model;
    if (!modelId || isVariant(modelId)) return [];
    const inferenceTypes: string[] = model.inferenceTypesSupported ?? [];
    const lifecycle = lifecycleOf(model.modelLifecycle, now);
    return [
      {
        id: modelId,
        type: 'foundation',
        name: model.modelName ?? modelId,
        modelId,
        arn,
        region,
        names: [modelId, ...(arn ? [arn] : [])],
        underlying: modelId,
        provider: model.providerName,
        created: lifecycle?.startOfLife,
        input: model.inputModalities ?? [],
        output: model.outputModalities ?? [],
        streaming: model.responseStreamingSupported,
        lifecycle,
        inferenceTypes,
        listed: inferenceTypes.length === 0 || inferenceTypes.some((type) => !indirect.has(type)),
      },
    ];
  });
}

/** `amazon.nova-lite-v1:0:24k` and the like can only be bought as provisioned throughput. */
const isVariant = (modelId: string) => modelId.split(':').length > 2;

function profileRows(region: string, from: RegionListings): Row[] {
  const system = (from.systemProfiles ?? []).map((profile) => ({ profile, type: 'profile' as const }));
  const own = (from.applicationProfiles ?? []).map((profile) => ({
    profile,
    type: 'application-profile' as const,
  }));
  return [...system, ...own].flatMap(({ profile, type }): Row[] => {
    const { inferenceProfileArn: arn, inferenceProfileId: id } = profile;
    if (!arn || !id) return [];
    const name = profile.inferenceProfileName ?? id;
    const routesTo = (profile.models ?? []).flatMap(({ modelArn }) =>
      modelArn ? [baseModelId(modelArn)] : [],
    );
    const isSystem = type === 'profile';
    return [
      {
        ...callable(type, isSystem ? id : name, region, arn, profile.status),
        name,
        modelId: isSystem ? id : arn,
        names: isSystem ? [id, arn] : [name, id, arn],
        underlying: routesTo[0] ?? (isSystem ? baseModelId(id) : undefined),
        routesTo: [...new Set(routesTo)],
        created: seconds(profile.createdAt),
      },
    ];
  });
}
