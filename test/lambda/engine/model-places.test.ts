import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placesOfModel } from '../../../lambda/engine/model-places.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { rerankFamilies } from '../../../lambda/models/rerank/families.ts';
import { inOneGeography } from '../../../lambda/policy/regions.ts';

const [cohere, amazon] = rerankFamilies as [(typeof rerankFamilies)[0], (typeof rerankFamilies)[0]];
const everywhere = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'ca-central-1',
  'eu-central-1',
  'eu-west-1',
  'ap-northeast-1',
  'ap-southeast-2',
  'sa-east-1',
  'us-gov-west-1',
];
const residencies = ['global', 'geography', 'region'] as const;

describe('where a reranking model is called', () => {
  test.each<[string, string[], (typeof residencies)[number], string[]]>([
    ['us-east-1', [], 'region', ['us-east-1']],
    ['us-east-1', ['us-east-1', 'us-west-2', 'us-east-2'], 'global', ['us-east-1', 'us-west-2']],
    ['us-east-2', [], 'global', ['us-east-1']],
    ['us-east-2', ['us-east-2', 'eu-central-1', 'us-west-2'], 'global', ['eu-central-1', 'us-west-2']],
    ['us-east-2', ['us-east-2', 'eu-central-1', 'us-west-2'], 'geography', ['us-west-2']],
    ['ap-southeast-2', [], 'geography', ['ap-northeast-1']],
    ['eu-west-1', [], 'global', ['eu-central-1']],
    ['sa-east-1', [], 'global', ['us-east-1']],
  ])('from %s with %j named and residency %s: %j', (region, named, residency, called) => {
    expect(placesOfModel(cohere, bounds(region, named, residency))).toEqual({
      region: called[0],
      regions: called,
    });
  });

  test.each<[string, string[], (typeof residencies)[number]]>([
    ['eu-west-1', ['eu-west-1'], 'global'],
    ['eu-west-1', [], 'region'],
    ['eu-west-1', ['eu-west-1', 'us-east-1'], 'geography'],
    ['sa-east-1', [], 'geography'],
    ['us-gov-west-1', [], 'global'],
  ])('from %s with %j named and residency %s: nowhere', (region, named, residency) => {
    expect(() => placesOfModel(cohere, bounds(region, named, residency))).toThrow(
      expect.objectContaining({ status: 400, code: 'model_not_supported', param: 'model' }),
    );
  });

  test('always where the model is, and never further than the settings say', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(cohere, amazon),
        fc.constantFrom(...everywhere),
        fc.subarray(everywhere),
        fc.constantFrom(...residencies),
        (family, home, others, residency) => {
          const named = others.length > 0 ? [...new Set([home, ...others])] : [];
          const places = attempt(() => placesOfModel(family, bounds(home, named, residency)));
          if (!places) {
            expect(family.regions).not.toContain(home);
            return;
          }
          expect(places.regions[0]).toBe(places.region);
          for (const region of places.regions) {
            expect(family.regions).toContain(region);
            if (named.length > 0) expect(named).toContain(region);
          }
          const isNear = places.region === home || inOneGeography(home, places.region);
          if (residency !== 'global') expect(isNear).toBe(true);
          if (residency === 'region') expect(places.region).toBe(home);
        },
      ),
    );
  });
});

function bounds(region: string, named: string[], residency: (typeof residencies)[number]) {
  const areRegionsNamed = named.length > 0;
  return { region, regions: areRegionsNamed ? named : [region], areRegionsNamed, residency };
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}
