import type { Stack } from '@aws-sdk/client-cloudformation';
import { readForm } from '../../../lambda/auth/parse-keys.ts';
import { fetchFrom, secretsClient } from '../../../lambda/auth/secrets-manager.ts';
import { stackSettings } from '../../../lib/settings/stack-settings.ts';
import { errorName } from '../../commands/doctor-advice.ts';
import { type FoundGateway, GatewayNotFound } from './gateway.ts';

const timeoutMs = 15_000;

/**
 * The deployed gateway, by the outputs of its stack (CloudFormation DescribeStacks), with the person's own credentials.
 * The secret is read when the key is asked for. Throws GatewayNotFound.
 */
export async function findStack({
  stack,
  region,
}: {
  stack?: string;
  region?: string;
}): Promise<FoundGateway> {
  const name = stack ?? String(stackSettings.stackName.default);
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient({ maxAttempts: 2, ...(region && { region }) });
  try {
    const where = await client.config.region();
    const abortSignal = AbortSignal.timeout(timeoutMs);
    const command = new DescribeStacksCommand({ StackName: name });
    const { Stacks = [] } = await client.send(command, { abortSignal }).catch((error: unknown) => {
      throw notDescribed(error, name, where);
    });
    return fromOutputs(Stacks[0], name, where);
  } catch (error) {
    if (error instanceof Error && /region is missing/i.test(error.message)) {
      throw new GatewayNotFound(
        `In which region is the gateway? Give --region, or set AWS_REGION. ${otherWays}`,
      );
    }
    throw error;
  } finally {
    client.destroy();
  }
}

const otherWays = 'For the local server give --local, for any other gateway --url and --key.';

function notDescribed(error: unknown, name: string, region: string): GatewayNotFound {
  const what = errorName(error);
  const message = error instanceof Error ? error.message : '';
  if (what === 'ValidationError' && /does not exist/.test(message)) {
    return new GatewayNotFound(
      `There is no stack ${name} in ${region}. Deploy it (npx cdk deploy), or say where it is: --region, --stack. ${otherWays}`,
    );
  }
  if (what === 'AccessDenied')
    return new GatewayNotFound(
      `The stack ${name} may not be looked at: allow cloudformation:DescribeStacks. ${otherWays}`,
    );
  if (what === 'CredentialsProviderError')
    return new GatewayNotFound(
      `The stack ${name} was not looked for: there are no AWS credentials (npx gateway doctor says more). ${otherWays}`,
    );
  return new GatewayNotFound(
    `The stack ${name} in ${region} could not be looked at: ${what}: ${message} ${otherWays}`,
  );
}

function fromOutputs(stack: Stack | undefined, name: string, region: string): FoundGateway {
  const output = (key: string) => stack?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  const [baseUrl, secret, command] = [output('BaseUrl'), output('ApiKeySecretArn'), output('ApiKeyCommand')];
  if (!baseUrl || !secret) {
    throw new GatewayNotFound(
      `The stack ${name} in ${region} is none of this gateway, or its deployment has not come to an end (${stack?.StackStatus}): it has no outputs BaseUrl and ApiKeySecretArn.`,
    );
  }
  return {
    baseUrl,
    about: `the stack ${name} in ${region}`,
    key: {
      read: () => readKey(secret),
      ...(command && { command: { posix: command, ...onWindows(command, secret) } }),
    },
  };
}

/**
 * The command takes the key out of JSON by programs that Windows has not. A secret that the stack has made holds the key
 * alone, until `gateway keys` has made more of them.
 */
function onWindows(command: string, secret: string): { powershell?: string; cmd?: string } {
  const [read = command] = command.split(' | ');
  return read === command || isMade.test(secret) ? { powershell: read, cmd: read } : {};
}

/** As CloudFormation names it. */
const isMade = /:secret:ApiKeySecret\w+-/;

async function readKey(secret: string): Promise<string> {
  const client = secretsClient(secret);
  try {
    const value = await fetchFrom(client)(secret, 'AWSCURRENT');
    const { single } = readForm(value?.text ?? '');
    if (single !== undefined) return single;
  } catch (error) {
    throw new GatewayNotFound(
      `The secret with the key could not be read: ${errorName(error)}. Allow secretsmanager:GetSecretValue on it, or give --key.`,
    );
  } finally {
    client.destroy();
  }
  throw new GatewayNotFound(
    'The secret holds digests of keys and no key. Give --key, or make one: npx gateway keys create.',
  );
}
