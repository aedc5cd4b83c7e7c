import { expect, test } from 'vitest';
import { geographiesOf } from '../../../../lambda/models/profiles/geography.ts';

test.each([
  ['us-east-1', ['us']],
  ['us-gov-west-1', ['us-gov']],
  ['eu-north-1', ['eu']],
  ['ap-northeast-1', ['jp', 'apac']],
  ['ap-northeast-2', ['apac']],
  ['ap-southeast-2', ['au', 'apac']],
  ['ap-south-1', ['in', 'apac']],
  ['ca-central-1', ['ca']],
  ['sa-east-1', []],
  ['cn-north-1', []],
])('%s: %j', (region, expected) => {
  expect(geographiesOf(region)).toEqual(expected);
});
