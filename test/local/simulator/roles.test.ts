import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAssumeRole } from '../../../lambda/bedrock/sts.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';

let simulator: Simulator;
let time = Date.now();
beforeAll(async () => {
  simulator = await startSimulator({ now: () => time });
  process.env.AWS_ENDPOINT_URL_STS = `${simulator.url}/sts`;
});
afterAll(() => simulator.close());

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const own = { accessKeyId: 'AKIATEST', secretAccessKey: 's' };
const temporary = { accessKeyId: 'ASIATEST', secretAccessKey: 's', sessionToken: 't' };
const sts = (credentials: typeof own = own) =>
  new STSClient({ endpoint: `${simulator.url}/sts`, region: 'us-east-1', maxAttempts: 1, credentials });
const assume = (input: Partial<AssumeRoleCommandInput> = {}, credentials = own) =>
  sts(credentials).send(
    new AssumeRoleCommand({ RoleArn: role('team-search'), RoleSessionName: 'red', ...input }),
  );
const tags = (count: number) => Array.from({ length: count }, (_, i) => ({ Key: `k${i}`, Value: 'v' }));

describe('AssumeRole answers the real SDK', () => {
  test('with credentials that are those of the session, for an hour', async () => {
    const { Credentials, AssumedRoleUser } = await assume({ Tags: [{ Key: 'team', Value: 'Red + Söhne' }] });
    const arn = 'arn:aws:sts::123456789012:assumed-role/team-search/red';
    expect(AssumedRoleUser?.Arn).toBe(arn);
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    expect(simulator.sessions.get(AccessKeyId)).toMatchObject({
      arn,
      name: 'red',
      tags: { team: 'Red + Söhne' },
    });
    const credentials = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    expect(await sts(credentials).send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: arn });
    expect(Math.abs((Credentials?.Expiration?.getTime() ?? 0) - time - 3_600_000)).toBeLessThan(1000);
  });

  test.each<[string, Partial<AssumeRoleCommandInput>, string, RegExp]>([
    [
      'a space in the name',
      { RoleSessionName: 'a b' },
      'ValidationError',
      /'roleSessionName' failed .* pattern/,
    ],
    [
      'a name of one character',
      { RoleSessionName: 'a' },
      'ValidationError',
      /'roleSessionName' .* equal to 2/,
    ],
    [
      'a name of 65',
      { RoleSessionName: 'a'.repeat(65) },
      'ValidationError',
      /'roleSessionName' .* equal to 64/,
    ],
    ['51 tags', { Tags: tags(51) }, 'ValidationError', /'tags' .* less than or equal to 50/],
    [
      'a tag of 257',
      { Tags: [{ Key: 'k', Value: 'v'.repeat(257) }] },
      'ValidationError',
      /tags\.1\.member\.value/,
    ],
    [
      'a tag with an asterisk',
      { Tags: [{ Key: 'k', Value: '*' }] },
      'ValidationError',
      /tags\.1\.member\.value/,
    ],
    [
      'a tag twice',
      {
        Tags: [
          { Key: 'Team', Value: 'a' },
          { Key: 'team', Value: 'b' },
        ],
      },
      'ValidationError',
      /Duplicate tag keys/,
    ],
    ['ten minutes', { DurationSeconds: 600 }, 'ValidationError', /durationSeconds.*900/],
    ['two hours', { DurationSeconds: 7200 }, 'ValidationError', /MaxSessionDuration/],
    ['no role', { RoleArn: 'arn:aws:iam::123456789012:user/somebody' }, 'ValidationError', /is invalid/],
    [
      'a role that is not there',
      { RoleArn: role('nobody') },
      'AccessDenied',
      /perform: sts:AssumeRole on resource: .*nobody$/,
    ],
    [
      'a role of another account',
      { RoleArn: 'arn:aws:iam::210987654321:role/team-search' },
      'AccessDenied',
      /sts:AssumeRole/,
    ],
    ['a role that trusts others', { RoleArn: role('closed') }, 'AccessDenied', /sts:AssumeRole/],
    [
      'tags, where the role does not trust for them',
      { RoleArn: role('untagged'), Tags: tags(1) },
      'AccessDenied',
      /sts:TagSession/,
    ],
  ])('refuses %s', async (_, input, name, message) => {
    await expect(assume(input)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  test('50 tags, and the role without them', async () => {
    expect((await assume({ Tags: tags(50) })).Credentials).toBeDefined();
    expect((await assume({ RoleArn: role('untagged') })).Credentials).toBeDefined();
  });

  test('a role that assumes a role gets no more than an hour', async () => {
    await expect(assume({ DurationSeconds: 3601 }, temporary)).rejects.toThrow(/role chaining/);
  });
});

describe('the gateway’s own client of STS', () => {
  const ask = createAssumeRole({ handler: new NodeHttpHandler(), credentials: own });
  const asked = { arn: role('team-search'), session: 'red+a', tags: { key: 'Red @ 1', team: 'a=b' } };

  test('reads what the SDK reads', async () => {
    const { credentials, expiresAt } = await ask(asked, 'eu-west-1');
    expect(simulator.sessions.get(credentials.accessKeyId)).toMatchObject({
      name: 'red+a',
      tags: asked.tags,
      token: credentials.sessionToken,
    });
    expect(Math.abs(expiresAt - time - 3_600_000)).toBeLessThan(1000);
    expect(simulator.calls.at(-1)).toMatchObject({ operation: 'AssumeRole', region: 'eu-west-1' });
  });

  test('has AWS’s code and none of its words', async () => {
    const refused = await ask({ ...asked, arn: role('closed') }, 'us-east-1').catch((error) => error);
    expect(refused).toMatchObject({ name: 'AccessDenied', status: 403 });
    expect(refused.message).not.toContain('arn:');
  });

  test('asks once more where STS fails, and no more', async () => {
    simulator.failing.set('AssumeRole', 'InternalServerException');
    const before = simulator.calls.length;
    await expect(ask(asked, 'us-east-1')).rejects.toMatchObject({ status: 500 });
    expect(simulator.calls.length - before).toBe(2);
    simulator.failing.clear();
  });
});

describe('credentials of a session', () => {
  const identity = (credentials: typeof own) => sts(credentials).send(new GetCallerIdentityCommand({}));

  test('are no good with another token, and none after their end', async () => {
    const { Credentials } = await assume();
    const good = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    await expect(identity({ ...good, sessionToken: 'x' } as typeof own)).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
    time += 3_600_000;
    try {
      await expect(identity(good)).rejects.toThrow();
    } finally {
      time -= 3_600_000;
    }
  });
});
