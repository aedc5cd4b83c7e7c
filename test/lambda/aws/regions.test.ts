import { expect, test } from 'vitest';
import { isRegion } from '../../../lambda/aws/regions.ts';

test.each(['us-east-1', 'us-gov-west-1', 'ap-southeast-7', 'us-iso-east-1', 'eusc-de-east-1', 'cn-north-1'])(
  '%s is a region',
  (region) => expect(isRegion(region)).toBe(true),
);
test.each(['', 'us', 'us-east', 'US-EAST-1', 'us-east-1a', 'us-east-1.evil.example', '1-a-1'])(
  '%j is no region',
  (region) => expect(isRegion(region)).toBe(false),
);
