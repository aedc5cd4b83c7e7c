import { badRequest } from '../../errors.ts';
import { field } from '../../fields.ts';
import { findCustom } from '../catalogue/find.ts';
import { arnKind } from '../names/arn-kinds.ts';
import { badName } from '../names/invalid-name.ts';
import { type BedrockArn, baseModelId } from '../names/model-id.ts';
import { mappedModel } from '../profiles/mapping.ts';
import { placeFoundation } from './foundation.ts';
import { placeHidden } from './hidden.ts';
import { placeImported } from './imported.ts';
import { conversePlace, type Knowledge, type Place, type Walk } from './walk.ts';

/** An ARN: its type says what is called, and its region where. */
export async function placeArn(
  knowledge: Knowledge,
  walk: Walk,
  arn: string,
  parts: BedrockArn,
): Promise<Place> {
  const region = parts.region || walk.region;
  if (walk.regionNamed && region !== walk.region)
    throw badName(
      `\`${walk.asked}\` names the region ${walk.region}, and its ARN names ${region}. Name one of them.`,
    );
  walk.reasons.push(`an ARN of type ${parts.resource}, in ${region}`);
  switch (arnKind(parts.resource)) {
    case 'foundation':
      return foundationArn(knowledge, walk, arn, parts, region);
    case 'profile':
      return conversePlace(arn, region, baseModelId(parts.id));
    case 'hidden':
      return placeHidden(knowledge, walk, arn, parts.resource, region);
    case 'imported':
      return placeImported(knowledge, walk, arn, region);
    case 'custom-model':
      return customModel(knowledge, walk, arn, region);
    default:
      return conversePlace(arn, region, modelOf(mappedModel(knowledge.config.profileMappings, arn)));
  }
}

const modelOf = (mapped: string | undefined) => mapped && baseModelId(mapped);

/** The ARN stays as it was written unless a profile has to stand in; one without region is called by its id. */
function foundationArn(
  knowledge: Knowledge,
  walk: Walk,
  arn: string,
  parts: BedrockArn,
  region: string,
): Place {
  const place = placeFoundation(knowledge, walk, parts.id, region);
  return place.id === parts.id && parts.region !== '' ? { ...place, id: arn } : place;
}

async function customModel(knowledge: Knowledge, walk: Walk, arn: string, region: string): Promise<Place> {
  const { rows, warnings } = await knowledge.catalogue.load();
  const found = findCustom(rows, arn, region);
  if (found.kind === 'one') {
    const { entry } = found;
    walk.reasons.push(`a custom model is called by its deployment: \`${entry.modelId}\``);
    return conversePlace(entry.modelId, entry.region, entry.underlying);
  }
  const trouble = warnings.find((warning) => warning.includes('deployments'));
  throw badRequest(
    `The custom model \`${walk.asked}\` has no deployment that the gateway can see, and only a deployment can be ` +
      `called. Create one (CreateCustomModelDeployment), or name a deployment.${trouble ? ` (${trouble}.)` : ''}`,
    field('model'),
  );
}
