import { describe, expect, test } from 'vitest';
import { isRegional, regionsFor } from '../../../lambda/policy/regions.ts';
import { everyReason } from './failures.ts';

const regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-northeast-1', 'ap-southeast-1'];
const from = (region: string, residency: 'global' | 'geography' | 'region', id = 'anthropic.claude') =>
  regionsFor({ asked: id, id, region }, { regions, residency });

describe('regions', () => {
  test('the target’s own comes first, the others in their order', () => {
    expect(from('eu-west-1', 'global')).toEqual([
      'eu-west-1',
      'us-east-1',
      'us-west-2',
      'ap-northeast-1',
      'ap-southeast-1',
    ]);
  });

  test.each([
    ['us-east-1', ['us-east-1', 'us-west-2']],
    ['eu-west-1', ['eu-west-1']],
    ['ap-northeast-1', ['ap-northeast-1', 'ap-southeast-1']],
  ])('residency geography keeps %s at home', (region, expected) => {
    expect(from(region, 'geography')).toEqual(expected);
  });

  test('residency region allows no other', () => expect(from('us-east-1', 'region')).toEqual(['us-east-1']));

  test('an ARN belongs to its region', () => {
    expect(from('us-east-1', 'global', 'arn:aws:bedrock:us-east-1::foundation-model/x')).toEqual([
      'us-east-1',
    ]);
  });

  test.each([
    ['us.anthropic.claude', ['us-east-1', 'us-west-2']],
    ['global.anthropic.claude', regions],
  ])('%s is called where it exists', (id, expected) => {
    expect(from('us-east-1', 'global', id)).toEqual(expected);
  });

  test('a profile that the gateway has chosen has another name elsewhere', () => {
    const target = { asked: 'anthropic.claude', id: 'us.anthropic.claude', region: 'us-east-1' };
    expect(regionsFor(target, { regions, residency: 'global' })).toEqual(regions);
  });

  test('a region that someone named stays', () =>
    expect(from('ca-central-1', 'global')).toEqual(['ca-central-1']));

  test('only what belongs to a region sends a request to the next', () => {
    expect(everyReason.filter(isRegional)).toEqual([
      'throttled',
      'quota_exceeded',
      'overloaded',
      'connection',
    ]);
  });
});
