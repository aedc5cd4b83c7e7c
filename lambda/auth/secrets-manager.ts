import { type AgentOptions, Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
import type { Socket } from 'node:net';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export type Stage = 'AWSCURRENT' | 'AWSPREVIOUS';

export interface SecretVersion {
  text: string;
  /** Epoch milliseconds. */
  createdAt?: number;
}

/** One version of a secret; undefined where there is none of that stage. */
export type FetchSecret = (arn: string, stage: Stage) => Promise<SecretVersion | undefined>;

/**
 * Two small calls a minute, on one connection, because a second TLS handshake costs more than both calls. It is
 * not kept (one that was frozen with its Lambda environment is dead when it thaws), and none may hang, because
 * a client waits. The SDK's own limit here is 300 seconds.
 */
export function secretsClient(arn: string): SecretsManagerClient {
  return new SecretsManagerClient({
    region: arn.split(':')[3],
    maxAttempts: 2,
    requestHandler: new NodeHttpHandler({
      httpAgent: oneConnection(new HttpAgent(shared)),
      httpsAgent: oneConnection(new Agent(shared)),
      connectionTimeout: 2000,
      requestTimeout: 3000,
      throwOnRequestTimeout: true,
    }),
  });
}

const shared: AgentOptions = { keepAlive: true, maxSockets: 1 };

/** A call that waits takes the connection over; one that nobody waits for is closed. */
function oneConnection<T extends HttpAgent>(agent: T): T {
  // https://nodejs.org/api/http.html#agentkeepsocketalivesocket
  return Object.assign(agent, { keepSocketAlive: (_socket: Socket) => false });
}

export function fetchFrom(client: SecretsManagerClient): FetchSecret {
  return async (arn, stage) => {
    try {
      const answer = await client.send(new GetSecretValueCommand({ SecretId: arn, VersionStage: stage }));
      const text = answer.SecretString ?? Buffer.from(answer.SecretBinary ?? []).toString('utf8');
      return { text, createdAt: answer.CreatedDate?.getTime() };
    } catch (error) {
      if (error instanceof ResourceNotFoundException && stage === 'AWSPREVIOUS') return undefined;
      throw error;
    }
  };
}
