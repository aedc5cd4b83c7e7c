import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../../lambda/auth/authenticate.ts';
import { billingOf } from '../../../lambda/auth/billing.ts';
import { digestOf } from '../../../lambda/auth/digest.ts';
import { recordName } from '../../../lambda/auth/limits-record.ts';
import { parseKeys } from '../../../lambda/auth/parse-keys.ts';

const sha256 = Buffer.from(digestOf('k')).toString('hex');
const role = 'arn:aws:iam::123456789012:role/billing/red';
const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/1arbu5hu2sjr';
const read = (record: object, roles: readonly string[] = [role]) =>
  parseKeys(JSON.stringify({ keys: [{ name: 'a', sha256, ...record }], teams: [{ name: 't' }] }), roles);
const billing = async (record: object) => (await read(record)).keys[0]?.principal.billing;

describe('what a record says of AWS’s bill', () => {
  it('is nothing, or each for itself', async () => {
    expect(await billing({})).toBeUndefined();
    expect(await billing({ projectIdentifier: 'default' })).toEqual({ project: 'default' });
    expect(await billing({ profiles: { m: profile } })).toEqual({ profiles: { m: profile } });
    expect(await billing({ awsRoleArn: role, team: 't' })).toEqual({
      role: { arn: role, session: 'a-', tags: { key: 'a', team: 't' } },
    });
  });

  it('is refused for a role that the settings do not list, by the record and without the role’s name', async () => {
    for (const roles of [[], [`${role}2`], [role.replace('billing/', '')]]) {
      const { keys, problems } = await read({ awsRoleArn: role }, roles);
      expect(keys).toEqual([]);
      expect(problems[0]).toBe(
        'keys[0].awsRoleArn names a role that the setting ASSUMABLE_ROLES does not list',
      );
    }
  });

  it.each<[string, object]>([
    ['awsRoleArn', { awsRoleArn: 'red' }],
    ['awsRoleArn', { awsRoleArn: 'arn:aws:iam::123456789012:role/*' }],
    ['awsRoleArn', { awsRoleArn: 'arn:aws:iam::123456789012:user/red' }],
    ['projectIdentifier', { projectIdentifier: '' }],
    ['projectIdentifier', { projectIdentifier: 'red' }],
    ['projectIdentifier', { projectIdentifier: 'proj_a\r\nx: y' }],
    ['profiles', { profiles: { m: 'us.amazon.nova-lite-v1:0' } }],
    ['profiles', { profiles: { m: profile.replace('application-', '') } }],
    ['profiles', { profiles: { '': profile } }],
    ['profiles', { profiles: 7 }],
  ])('is refused where .%s cannot be used: %j', async (member, record) => {
    const { keys, problems } = await read(record);
    expect(keys).toEqual([]);
    expect(problems[0]).toMatch(new RegExp(`^keys\\[0\\]\\.${member} must be`));
    for (const value of Object.values(record).filter((each) => typeof each === 'string' && each.length > 3))
      expect(problems.join()).not.toContain(value);
  });

  it('makes a session that AWS takes, of whatever name a key may have', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][\w .@:/-]{0,63}$/).filter((text) => v.is(recordName, text));
    fc.assert(
      fc.property(name, fc.option(name, { nil: undefined }), (key, team) => {
        const { role: made } =
          billingOf({ name: key, sha256, awsRoleArn: role, ...(team && { team }) }) ?? {};
        expect(made?.session).toMatch(/^[\w+=,.@-]{2,64}$/);
        expect(made?.tags).toEqual({ key, ...(team && { team }) });
        for (const tag of Object.values(made?.tags ?? {}))
          expect(tag).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
      }),
    );
  });
});

it('a key with a role that was given a new value in the secret opens by its old one for a while', async () => {
  const record = (key: string) => ({
    name: 'a',
    awsRoleArn: role,
    sha256: Buffer.from(digestOf(key)).toString('hex'),
  });
  const text = (key: string) => JSON.stringify({ keys: [record(key)] });
  const authenticate = createAuthenticator(
    {
      apiKey: undefined,
      apiKeyFile: undefined,
      apiKeySecretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:keys-AbCdEf',
      apiKeyTtlMs: 60_000,
      assumableRoles: [role],
    },
    {
      clock: () => 1_000_000,
      fetchSecret: async (_, stage) => ({
        text: text(stage === 'AWSCURRENT' ? 'new' : 'old'),
        createdAt: 1_000_000,
      }),
    },
  );
  for (const key of ['new', 'old'])
    expect(await authenticate(new Headers({ 'x-api-key': key }))).toMatchObject({
      name: 'a',
      billing: { role: { arn: role } },
    });
});
