import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type PutSecretValueCommandInput,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { runGateway } from '../../../local/command-line.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { useSimulator } from '../../../local/use-simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({
    deployment: { baseUrl: 'https://a.example/v1?a=1&b=2', secret: 'sk-1' },
  });
});
afterEach(() => simulator.reset());
afterAll(() => simulator.close());

interface Options {
  accessKeyId?: string;
  sessionToken?: string;
  region?: string;
}

const config = (
  service: string,
  { accessKeyId = 'AKIATEST', sessionToken, region = 'us-east-1' }: Options,
) => ({
  endpoint: `${simulator.url}/${service}`,
  region,
  maxAttempts: 1,
  credentials: { accessKeyId, secretAccessKey: 's', ...(sessionToken && { sessionToken }) },
});
const identity = (options: Options = {}) =>
  new STSClient(config('sts', options)).send(new GetCallerIdentityCommand({}));
const stacks = (StackName?: string, options: Options = {}) =>
  new CloudFormationClient(config('cloudformation', options)).send(new DescribeStacksCommand({ StackName }));
const secret = (SecretId: string, options: Options = {}, VersionStage?: string) =>
  new SecretsManagerClient(config('secretsmanager', options)).send(
    new GetSecretValueCommand({ SecretId, VersionStage }),
  );

const secretArn =
  'arn:aws:secretsmanager:us-east-1:123456789012:secret:ApiKeySecret6F0CB6A9-AbCdEfGhIjKl-mNoPqR';

describe('the account’s services answer the real SDK', () => {
  test('STS: who calls', async () => {
    expect(await identity()).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/simulator',
    });
    expect(await identity({ accessKeyId: 'ASIATEST', sessionToken: 't' })).toMatchObject({
      Arn: 'arn:aws:sts::123456789012:assumed-role/gateway/session',
    });
  });

  test('CloudFormation: the stack by its name, by its id, and among all', async () => {
    const { Stacks: [stack] = [] } = await stacks('BedrockGateway');
    expect(stack).toMatchObject({ StackName: 'BedrockGateway', StackStatus: 'CREATE_COMPLETE' });
    const outputs = Object.fromEntries(
      (stack?.Outputs ?? []).map((each) => [each.OutputKey, each.OutputValue]),
    );
    expect(outputs).toEqual({
      BaseUrl: 'https://a.example/v1?a=1&b=2',
      ApiKeySecretArn: secretArn,
      ApiKeyCommand: expect.stringContaining(`--secret-id ${secretArn}`),
    });
    expect((await stacks(stack?.StackId)).Stacks).toHaveLength(1);
    expect((await stacks()).Stacks).toHaveLength(1);
    expect((await stacks(undefined, { region: 'eu-west-1' })).Stacks ?? []).toEqual([]);
  });

  test('Secrets Manager: the key, by name or ARN', async () => {
    expect(await secret(secretArn)).toMatchObject({ SecretString: 'sk-1', VersionStages: ['AWSCURRENT'] });
    expect(await secret('ApiKeySecret6F0CB6A9-AbCdEfGhIjKl')).toMatchObject({ ARN: secretArn });
  });

  test('Secrets Manager: versions and their labels', async () => {
    const client = new SecretsManagerClient(config('secretsmanager', {}));
    const put = (SecretString: string, more: Partial<PutSecretValueCommandInput> = {}) =>
      client.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString, ...more }));
    const move = (to: string | undefined, from?: string) =>
      client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretArn,
          VersionStage: 'AWSCURRENT',
          MoveToVersionId: to,
          RemoveFromVersionId: from,
        }),
      );
    const first = (await secret(secretArn)).VersionId ?? '';
    const draft = await put('sk-2', { VersionStages: ['DRAFT'] });
    expect(draft.VersionStages).toEqual(['DRAFT']);
    const second = draft.VersionId ?? '';
    expect((await secret(secretArn)).SecretString).toBe('sk-1');
    expect((await secret(secretArn, {}, 'DRAFT')).SecretString).toBe('sk-2');
    await expect(move(second)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(`AWSCURRENT is currently attached to version ${first}`),
    });
    await expect(move(second, second)).rejects.toThrow(/currently attached/);
    await expect(move('x'.repeat(32), first)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(move(undefined, first)).rejects.toThrow(/can’t be completely removed/);
    await move(second, first);
    expect(await secret(secretArn)).toMatchObject({
      SecretString: 'sk-2',
      VersionStages: ['DRAFT', 'AWSCURRENT'],
    });
    expect((await secret(secretArn, {}, 'AWSPREVIOUS')).VersionId).toBe(first);
    // What is current is put at once, and the same token is the same version, or none.
    const third = { ClientRequestToken: 'third-'.padEnd(32, 'x') };
    expect((await put('sk-3', third)).VersionStages).toEqual(['AWSCURRENT']);
    expect((await put('sk-3', third)).VersionId).toBe(third.ClientRequestToken);
    await expect(put('sk-4', third)).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect((await secret(secretArn, {}, 'AWSPREVIOUS')).SecretString).toBe('sk-2');
    await expect(put('x'.repeat(65_537))).rejects.toMatchObject({ name: 'ValidationException' });
    for (let i = 0; i < 120; i += 1) await put(`sk-${i}`);
    expect((await secret(secretArn, {}, 'AWSPREVIOUS')).SecretString).toBe('sk-118');
    await expect(secret(secretArn, {}, 'OTHER')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('Secrets Manager: the keys of gateway keys', async () => {
    const env: Record<string, string> = {};
    useSimulator(simulator.url, env);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    let out = '';
    const keys = (...args: string[]) =>
      runGateway(['keys', ...args, '--secret', secretArn], {
        stdout: { write: (text) => (out += text) },
        stderr: { write: () => true },
        env,
      });
    expect(await keys('create', '--name', 'ann')).toBe(0);
    expect(await keys('create', '--name', 'bob')).toBe(0);
    expect(await keys('list')).toBe(0);
    vi.unstubAllEnvs();
    expect(out).toMatch(/^(sk-bg-[\w-]{43}\n){2}NAME .*\ndefault .*\nann .*\nbob .*\n$/);
    expect(JSON.parse((await secret(secretArn)).SecretString ?? '')).toMatchObject({ api_key: 'sk-1' });
  });
});

describe('what they refuse, in AWS’s words', () => {
  test.each([
    [
      'a stack that is not there',
      () => stacks('Other'),
      'ValidationError',
      'Stack with id Other does not exist',
    ],
    [
      'a stack of another region',
      () => stacks('BedrockGateway', { region: 'eu-west-1' }),
      'ValidationError',
      'Stack with id BedrockGateway does not exist',
    ],
    [
      'a secret that is not there',
      () => secret('other'),
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret.",
    ],
    [
      'a version that is not there',
      () => secret(secretArn, {}, 'AWSPREVIOUS'),
      'ResourceNotFoundException',
      "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
    ],
    [
      'expired credentials, STS',
      () => identity({ accessKeyId: 'AKIAEXPIRED' }),
      'ExpiredToken',
      'The security token included in the request is expired',
    ],
    [
      'expired credentials, Secrets Manager',
      () => secret(secretArn, { accessKeyId: 'AKIAEXPIRED' }),
      'ExpiredTokenException',
      'The security token included in the request is expired',
    ],
    [
      'unknown credentials',
      () => stacks('BedrockGateway', { accessKeyId: 'AKIAUNKNOWN' }),
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    ],
    [
      'temporary credentials without their token',
      () => identity({ accessKeyId: 'ASIATEST' }),
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    ],
  ])('%s', async (_, call, name, message) => {
    await expect(call()).rejects.toMatchObject({ name, message });
  });

  test('a permission that is missing', async () => {
    simulator.failing.set('DescribeStacks', 'AccessDeniedException');
    await expect(stacks('BedrockGateway')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('not authorized to perform: cloudformation:DescribeStacks'),
    });
    expect(simulator.calls.at(-1)).toMatchObject({ operation: 'DescribeStacks', status: 403 });
  });

  test('a signature for another service, an operation or a version that there is not', async () => {
    const client = new STSClient({ ...config('cloudformation', {}) });
    await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      message: "Credential should be scoped to correct service: 'cloudformation'.",
    });
    const day = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const ask = (body: string) =>
      fetch(`${simulator.url}/sts/`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-amz-date': day,
          authorization: `AWS4-HMAC-SHA256 Credential=AKIA/${day.slice(0, 8)}/us-east-1/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
        },
      });
    const old = await ask('Action=GetCallerIdentity&Version=2010-01-01');
    expect(old.status).toBe(400);
    expect(await old.text()).toContain(
      '<Code>InvalidAction</Code><Message>Could not find operation GetCallerIdentity for version 2010-01-01</Message>',
    );
    expect(await (await ask('Action=Delete&Version=2011-06-15')).text()).toContain('InvalidAction');
    expect(await (await ask('Version=2011-06-15')).text()).toContain('<Code>MissingAction</Code>');
    expect((await ask('Action=GetCallerIdentity&Version=2011-06-15')).status).toBe(200);
  });

  test('Bedrock’s API keys, and no signature at all', async () => {
    const bearer = await fetch(`${simulator.url}/sts/`, {
      method: 'POST',
      headers: { authorization: 'Bearer ABSKx' },
    });
    expect(bearer.status).toBe(400);
    expect(await bearer.text()).toContain('<Code>IncompleteSignature</Code>');
    const bare = await fetch(`${simulator.url}/secretsmanager/`, { method: 'POST' });
    expect(await bare.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});
