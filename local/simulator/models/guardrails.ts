import { invalid } from '../errors.ts';
import type { World } from '../world.ts';
import { accountArn } from './account.ts';

export interface Guardrail {
  id: string;
  /** Published ones; there is always a DRAFT besides. */
  versions: readonly string[];
}

/** The account's guardrails, in its home region. All look for the same words. */
const guardrails: readonly Guardrail[] = [
  { id: 'abc123', versions: ['1', '2'] },
  { id: 'v9kpg6yrwhs2', versions: ['1', '2', '3'] },
];

/** Throws as Bedrock does, in the same words for an id, a version and a region that are wrong. */
export function findGuardrail(identifier: string, version: string, region: string, world: World): Guardrail {
  const found = guardrails.find(
    ({ id }) =>
      identifier === id || identifier === accountArn(world.region, world.account, `guardrail/${id}`),
  );
  const exists = found && region === world.region && ['DRAFT', ...found.versions].includes(version);
  if (!exists) throw invalid('The guardrail identifier or version provided in the request does not exist.');
  return found;
}
