import { isRegion } from '../../aws/regions.ts';
import { baseModelId } from './model-id.ts';

/** What other gateways, and their clients, write before a name to say that it is one of Bedrock's. */
const gateways: ReadonlySet<string> = new Set([
  'bedrock',
  'bedrock_converse',
  'bedrock-converse',
  'amazon-bedrock',
  'amazon_bedrock',
  'aws-bedrock',
  'aws_bedrock',
  'aws',
]);
/** The API that they are to call; here the model and the request decide that. */
const routes: ReadonlySet<string> = new Set(['converse', 'converse_like', 'invoke']);

/**
 * The name behind the prefix of another gateway, and the region where one stands there:
 * `bedrock/converse/us-west-2/<name>`, or the maker's word before a whole id, `anthropic/us.anthropic.<model>`. Undefined
 * for a name without one. Before a short name a maker's word stays, since it is part of what the name says.
 */
export function withoutPrefix(name: string): { name: string; region?: string } | undefined {
  const [first, rest] = cut(name);
  if (first === undefined || rest === '') return undefined;
  if (!gateways.has(first)) return baseModelId(rest).startsWith(`${first}.`) ? { name: rest } : undefined;
  const [route, afterRoute] = cut(rest);
  const routed = route !== undefined && routes.has(route) ? afterRoute : rest;
  const [place, afterRegion] = cut(routed);
  const region = place !== undefined && isRegion(place) ? place : undefined;
  const named = region === undefined ? routed : afterRegion;
  // One gateway is enough: what is left of a name that names many is no name.
  if (named === '' || gateways.has(cut(named)[0] ?? '')) return undefined;
  return { name: withoutFormat(named), ...(region !== undefined && { region }) };
}

/** BerriAI/litellm says so how an imported model's body is written: `bedrock/llama/arn:…`. AWS says it, too. */
function withoutFormat(name: string): string {
  const [, rest] = cut(name);
  return /^arn:/i.test(rest) && !/^arn:/i.test(name) ? rest : name;
}

/** The part before the first slash, in lower case, and what follows it. */
function cut(name: string): [first: string | undefined, rest: string] {
  const slash = name.indexOf('/');
  return slash > 0 ? [name.slice(0, slash).toLowerCase(), name.slice(slash + 1)] : [undefined, name];
}
