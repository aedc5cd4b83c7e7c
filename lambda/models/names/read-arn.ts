import { isRegion, partitionNames, partitionOf } from '../../aws/regions.ts';
import { type ArnForm, arnForm, callableResources } from './arn-kinds.ts';
import { badName, invalidName } from './invalid-name.ts';
import { type BedrockArn, parseArn } from './model-id.ts';

/**
 * A client's ARN in its one canonical form, each part checked against what AWS has. Parts that do not decide
 * what is called (partition, account) cannot hold anything else, so that no rule about names can be met by
 * them. Throws a 400 that says which part is wrong.
 */
export function readArn(arn: string): { arn: string; parts: BedrockArn } {
  const given = parseArn(arn);
  if (!given)
    throw invalidName(
      arn,
      'it is not the ARN of a Bedrock model: arn:<partition>:bedrock:<region>:<account>:<type>/<id>',
    );
  const form = arnForm(given.resource);
  if (!form)
    throw badName(
      `An ARN of type \`${given.resource}\` is not a model. Models are: ${callableResources.join(', ')}.`,
    );
  const showsModel = form.kind === 'foundation' || form.kind === 'profile';
  const parts = showsModel ? { ...given, id: given.id.toLowerCase() } : given;
  const fault = faultOf(parts, form);
  if (fault) throw invalidName(arn, fault);
  const { partition, service, region, account, resource, id } = parts;
  return { arn: `arn:${partition}:${service}:${region}:${account}:${resource}/${id}`, parts };
}

function faultOf({ partition, service, region, account, resource, id }: BedrockArn, form: ArnForm) {
  const { service: owner = 'bedrock' } = form;
  if (!partitionNames.includes(partition))
    return `\`${partition}\` is not an AWS partition; there are ${partitionNames.join(', ')}`;
  if (service !== owner) return `an ARN of type ${resource} is one of ${owner}, not of ${service}`;
  if (region === '' && form.account) return badRegion(region);
  if (region !== '' && !isRegion(region)) return badRegion(region);
  if (region !== '' && partitionOf(region) !== partition)
    return `the region ${region} is in the partition ${partitionOf(region)}, not in ${partition}`;
  if (!form.account && account !== '')
    return `a ${resource} belongs to no account: the part before \`${resource}\` is empty`;
  if (form.account && account.length !== 12) return 'the number of an account has 12 digits';
  if (!form.id.test(id)) return `its last part is no id of the type ${resource}`;
  return undefined;
}

export const badRegion = (region: string) =>
  region === '' ? 'the region is missing' : `\`${region}\` is not an AWS region`;
