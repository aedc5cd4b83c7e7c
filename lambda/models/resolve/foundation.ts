import { baseModelId } from '../names/model-id.ts';
import { conversePlace, type Knowledge, type Place, type Walk } from './walk.ts';

/** A foundation model: called by its own id, or through the profile that is known to stand in for it. */
export function placeFoundation(knowledge: Knowledge, walk: Walk, id: string, region: string): Place {
  const modelId = baseModelId(id);
  const profiles = knowledge.profilesFor(modelId, region);
  const [profile] = profiles?.ids ?? [];
  if (profile === undefined) {
    walk.reasons.push(`\`${id}\` is a foundation model's id: called as it is`);
    return conversePlace(id, region, modelId);
  }
  const { residency } = knowledge.config;
  walk.reasons.push(
    `\`${id}\` is served only through inference profiles: \`${profile}\` (RESIDENCY ${residency})`,
  );
  return { ...conversePlace(profile, region, modelId), profiles };
}
