import type { IncomingMessage } from 'node:http';
import type {
  ApplyGuardrailCommand,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import type { BedrockClients } from '../bedrock/clients.ts';
import type { ConverseRequest } from '../canonical/types.ts';
import { GatewayError } from '../errors.ts';
import type { BackendCall } from './backend.ts';
import { abortError } from './errors/abort-error.ts';

type Command =
  | ApplyGuardrailCommand
  | ConverseCommand
  | ConverseStreamCommand
  | CountTokensCommand
  | InvokeModelCommand
  | InvokeModelWithResponseStreamCommand;

/** Whom to call, as whom, and what ends it; of the request only what errors are judged by. */
export type Sent = Omit<BackendCall, 'request' | 'target'> & {
  target: Pick<BackendCall['target'], 'asked' | 'id' | 'region'>;
  request?: Partial<ConverseRequest>;
};

/** What Bedrock answered with a 2xx: the body is not read yet. */
export interface Answered {
  body: IncomingMessage;
  /** In lower case. */
  headers: Record<string, string>;
  requestId: string | undefined;
}

/** Sends one command as the call's target and credentials say. Throws GatewayError. */
export async function sendCommand(clients: BedrockClients, command: Command, call: Sent): Promise<Answered> {
  // Not `performance`, which loads a module of Node's for its first use.
  const sentAt = process.uptime();
  try {
    const client = clients.client(call.target.region, await credentialsFor(clients, call, command.input));
    // WireProtocol gives every operation the same output, so the command's type says nothing here.
    const output: unknown = await client.send(command as ConverseCommand, { abortSignal: call.signal });
    const { body, headers, $metadata } = output as Answered & { $metadata: { requestId?: string } };
    return { body, headers, requestId: $metadata.requestId };
  } catch (error) {
    const waitedMs = (process.uptime() - sentAt) * 1000;
    throw await failureOf(error, call, waitedMs);
  }
}

/**
 * The credentials that a call is signed with; absent: the gateway's. Where the call's key has something of its own on
 * AWS's bill, `input` is changed to say so.
 */
export const credentialsFor = async (clients: Pick<BedrockClients, 'assume'>, call: Sent, input: object) =>
  call.payer?.billing && !call.credentials
    ? (await import('./billed.ts')).billed(clients, call.payer.billing, call, input)
    : call.credentials;

/** The whole body as text. Throws GatewayError; the request is not to be repeated then, since the model has run. */
export async function readText(body: IncomingMessage, call: Sent): Promise<string> {
  try {
    body.setEncoding('utf8');
    let text = '';
    for await (const part of body) text += part;
    return text;
  } catch (error) {
    throw await failureOf(error, call);
  }
}

/**
 * Whatever went wrong with a call → GatewayError. What tells one failure from another is loaded with the first of them.
 * `waitedMs`: as `FailureContext` has it.
 */
export async function failureOf(error: unknown, call: Sent, waitedMs?: number): Promise<GatewayError> {
  if (error instanceof GatewayError) return error;
  if (call.signal.aborted) return abortError(call.signal);
  const { failedCall } = await import('./errors/failed-call.ts');
  return failedCall(error, call, waitedMs);
}
