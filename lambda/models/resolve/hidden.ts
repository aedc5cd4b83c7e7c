import { describeActions } from '../../bedrock/describe.ts';
import { baseModelId } from '../names/model-id.ts';
import { mappedModel } from '../profiles/mapping.ts';
import { conversePlace, type Knowledge, type Place, type Walk } from './walk.ts';

/**
 * An ARN that hides its model: an application inference profile, deployment, provisioned throughput or
 * router. The model comes from settings, else from the catalogue if that is loaded, else from one question to
 * the control plane. Without an answer the call goes out all the same, and a warning says what to set.
 */
export async function placeHidden(
  knowledge: Knowledge,
  walk: Walk,
  arn: string,
  resource: string,
  region: string,
): Promise<Place> {
  const mapped = mappedModel(knowledge.config.profileMappings, arn);
  if (mapped !== undefined) return placeMapped(walk, arn, region, mapped);
  const row = knowledge.catalogue.peek()?.rows.find((row) => row.modelId === arn && row.underlying);
  if (row?.underlying) {
    walk.reasons.push(`the catalogue knows the model behind it: \`${row.underlying}\``);
    return conversePlace(arn, region, row.underlying);
  }
  const known = await knowledge.lookUp(arn, resource, region);
  const underlying = 'description' in known ? known.description.underlying : undefined;
  if (underlying) {
    walk.reasons.push(`${describeActions[resource]} names the model behind it: \`${underlying}\``);
    return conversePlace(arn, region, baseModelId(underlying));
  }
  const failure = 'failure' in known ? known.failure : 'the answer names none';
  walk.reasons.push(`the model behind it is unknown: ${failure}`);
  walk.warnings.push(
    `the model behind ${walk.asked} is unknown (${failure}), so limits and features are not adapted to it: ` +
      `map it in BEDROCK_INFERENCE_PROFILE_MAPPINGS or allow ${describeActions[resource]}`,
  );
  return conversePlace(arn, region);
}

function placeMapped(walk: Walk, arn: string, region: string, mapped: string): Place {
  walk.reasons.push(`BEDROCK_INFERENCE_PROFILE_MAPPINGS names the model behind it: \`${mapped}\``);
  const place = conversePlace(arn, region, baseModelId(mapped));
  if (place.capabilities.family === 'unknown')
    walk.warnings.push(
      `BEDROCK_INFERENCE_PROFILE_MAPPINGS maps ${walk.asked} to \`${mapped}\`, a model the gateway does not know: ` +
        'limits and features are not adapted to it',
    );
  return place;
}
