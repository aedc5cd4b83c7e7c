import { classicFamilies } from './families-classic.ts';
import { claudeFamilies } from './families-claude.ts';
import { llamaMistralFamilies } from './families-llama-mistral.ts';
import { novaFamilies } from './families-nova.ts';
import { openWeightFamilies } from './families-open-weight.ts';
import type { Family } from './family.ts';

/** The first family whose pattern matches a model's id describes it; the last one matches all. */
export const families: readonly Family[] = [
  ...claudeFamilies,
  ...novaFamilies,
  ...llamaMistralFamilies,
  ...openWeightFamilies,
  ...classicFamilies,
];

export function familyOf(foundationId: string): Family {
  return families.find((family) => family.match.test(foundationId)) ?? families.at(-1)!;
}
