import type { GetFoundationModelAvailabilityCommandOutput } from '@aws-sdk/client-bedrock';
import type { Backend } from '../../lambda/backends/backend.ts';
import { createConverseBackend } from '../../lambda/backends/converse.ts';
import { createInvokeBackend } from '../../lambda/backends/invoke/backend.ts';
import { type BedrockClients, createClients } from '../../lambda/bedrock/clients.ts';
import { GatewayError } from '../../lambda/errors.ts';
import type { Target } from '../../lambda/models/target.ts';
import type { Parts } from './command.ts';
import { adviceFor, errorName } from './doctor-advice.ts';
import type { Finding } from './doctor-finding.ts';

/** An imported model that has to be loaded first answers that it is not ready, and does so at once. */
const callTimeoutMs = 60_000;

/** What each part of an availability says when all is well, and what to do when it is not. */
const conditions: readonly {
  read: (availability: GetFoundationModelAvailabilityCommandOutput) => string | undefined;
  good: string;
  about: string;
  todo: string;
}[] = [
  {
    read: (availability) => availability.regionAvailability,
    good: 'AVAILABLE',
    about: 'offered in this region',
    todo: 'Use another region (GATEWAY_REGIONS) or an inference profile.',
  },
  {
    read: (availability) => availability.authorizationStatus,
    good: 'AUTHORIZED',
    about: 'authorized',
    todo: 'Allow bedrock:InvokeModel and bedrock:InvokeModelWithResponseStream on it, also in the organisation’s policies.',
  },
  {
    read: (availability) => availability.agreementAvailability?.status,
    good: 'AVAILABLE',
    about: 'agreement',
    todo: 'Accept it in the Bedrock console under Model catalog (Anthropic models ask for a use case first); a pending one takes some minutes.',
  },
  {
    read: (availability) => availability.entitlementAvailability,
    good: 'AVAILABLE',
    about: 'entitled',
    todo: 'Subscribe: call the model once with aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions allowed.',
  },
];

/** Whether a model may be called, as far as the control plane says. */
export async function checkAvailability({ controlPlane }: Parts, target: Target): Promise<Finding[]> {
  const modelId = target.underlying;
  if (modelId === undefined)
    return [{ state: 'note', text: `access to ${target.id}: only a call can show it` }];
  const { GetFoundationModelAvailabilityCommand } = await import('@aws-sdk/client-bedrock');
  try {
    const client = await (await controlPlane()).client(target.region);
    const availability = await client.send(new GetFoundationModelAvailabilityCommand({ modelId }));
    return conditions.map(({ read, good, about, todo }) => {
      const value = read(availability) ?? 'not told';
      const text = `${modelId}, ${about}: ${value}`;
      return value === good ? { state: 'good', text } : { state: 'bad', text, todo };
    });
  } catch (error) {
    const todo = adviceFor(error, 'bedrock:GetFoundationModelAvailability');
    return [{ state: 'note', text: `access to ${modelId} could not be checked: ${errorName(error)}`, todo }];
  }
}

const backends: Readonly<Record<Target['backend'], (clients: BedrockClients) => Backend | Promise<Backend>>> =
  {
    converse: createConverseBackend,
    invoke: createInvokeBackend,
    async mantle(clients) {
      const { createMantleBackend } = await import('../../lambda/backends/mantle/backend.ts');
      const { createMantleClient } = await import('../../lambda/bedrock/mantle-client.ts');
      return createMantleBackend(createMantleClient(clients), { now: Date.now });
    },
  };

/** One real call of a few tokens, made as the gateway makes it: the only proof there is. */
export async function checkCall(target: Target): Promise<Finding> {
  const clients = createClients();
  const backend = await backends[target.backend](clients);
  const about = `a call of ${target.id} in ${target.region}`;
  try {
    await backend.send({
      target,
      request: {
        messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
        inferenceConfig: { maxTokens: 16 },
      },
      signal: AbortSignal.timeout(callTimeoutMs),
    });
    return { state: 'good', text: `${about}: answered` };
  } catch (error) {
    const said = error instanceof GatewayError ? error.upstream?.message || error.message : String(error);
    return {
      state: 'bad',
      text: `${about}: ${errorName(error)}: ${said}`,
      todo: adviceFor(error, 'bedrock:InvokeModel'),
    };
  } finally {
    clients.close();
  }
}
