import { BedrockError, invalid } from '../errors.ts';
import type { ModelOperation } from '../operation.ts';
import { checkShape, string, structure } from '../rules/shape/shape.ts';
import type { World } from '../world.ts';

/** Bedrock's projects that the simulated account has in every region, beside `default`. */
export const projectIds = ['proj_search00000000001', 'proj_support0000000002'] as const;

const header = 'x-amzn-bedrock-projectidentifier';
const shape = structure({ projectIdentifier: string({ min: 1, max: 2048 }) });

export interface ProjectCall {
  operation: ModelOperation;
  modelId: string;
  body: unknown;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  region: string;
  world: World;
}

/**
 * `projectIdentifier` is a member of Converse's body and a header of InvokeModel's (Smithy model of bedrock-runtime): an
 * id, an ARN or `default`, and nothing beside an application inference profile. CountTokens does not know it. The model
 * has no words for its refusals: these are the simulator's.
 */
export function checkProject({ operation, modelId, body, headers, region, world }: ProjectCall): void {
  if (operation === 'count-tokens') return;
  const sent = operation.startsWith('converse') ? Object(body).projectIdentifier : headers[header];
  if (sent === undefined || sent === null) return;
  checkShape({ projectIdentifier: sent }, shape);
  if (/:application-inference-profile\//.test(modelId))
    throw invalid('projectIdentifier cannot be specified together with an application inference profile.');
  const home = `arn:aws:bedrock:${region}:${world.account}:project/`;
  const known = ['default', ...projectIds].flatMap((id) => [id, `${home}${id}`]);
  if (!known.includes(String(sent)))
    throw new BedrockError('ResourceNotFoundException', 'The specified project could not be found.');
}
