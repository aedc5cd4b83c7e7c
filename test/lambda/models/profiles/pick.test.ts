import { expect, test } from 'vitest';
import { rowsOf } from '../../../../lambda/models/catalogue/rows.ts';
import { guessedProfiles, listedProfiles, type Residency } from '../../../../lambda/models/profiles/pick.ts';

/** What a region lists for one model. */
function rows(region: string, prefixes: string[]) {
  const systemProfiles = prefixes.map((prefix) => ({
    inferenceProfileId: `${prefix}.acme.foo`,
    inferenceProfileName: prefix,
    inferenceProfileArn: `arn:aws:bedrock:${region}:123456789012:inference-profile/${prefix}.acme.foo`,
    models: [{ modelArn: 'arn:aws:bedrock:us-east-1::foundation-model/acme.foo' }],
    status: 'ACTIVE' as const,
    type: 'SYSTEM_DEFINED' as const,
  }));
  return rowsOf(region, { systemProfiles }, 0);
}

test.each<[string, string[], Residency, string[]]>([
  ['us-east-1', ['us', 'global'], 'global', ['global', 'us']],
  ['us-east-1', ['us', 'global'], 'geography', ['us']],
  ['us-east-1', ['us', 'global'], 'region', []],
  ['ap-northeast-1', ['apac', 'jp', 'global'], 'global', ['global', 'jp', 'apac']],
  ['ap-northeast-1', ['apac', 'jp', 'global'], 'geography', ['jp', 'apac']],
  ['ca-central-1', ['us'], 'global', ['us']],
  ['ca-central-1', ['us'], 'geography', []],
  ['sa-east-1', ['global'], 'geography', []],
  ['mx-central-1', ['zz', 'us', 'global'], 'global', ['global', 'us', 'zz']],
])('from %s, of %j, residency %s: %j', (region, listed, residency, expected) => {
  const found = listedProfiles(rows(region, listed), 'acme.foo', region, residency);
  expect(found).toEqual(expected.map((prefix) => `${prefix}.acme.foo`));
});

test('profiles of another region or another model do not count', () => {
  expect(listedProfiles(rows('us-east-1', ['us']), 'acme.foo', 'us-west-2', 'global')).toEqual([]);
  expect(listedProfiles(rows('us-east-1', ['us']), 'acme.bar', 'us-east-1', 'global')).toEqual([]);
});

test.each<[string, Residency, string[]]>([
  ['us-gov-west-1', 'global', ['global.acme.foo', 'us-gov.acme.foo']],
  ['ap-southeast-2', 'geography', ['au.acme.foo', 'apac.acme.foo']],
  ['sa-east-1', 'geography', []],
  ['us-east-1', 'region', []],
])('guessed from %s, residency %s: %j', (region, residency, expected) => {
  expect(guessedProfiles('acme.foo', region, residency)).toEqual(expected);
});
