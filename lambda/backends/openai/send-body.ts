import {
  InvokeModelCommand,
  type InvokeModelCommandInput,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import type { BedrockClients } from '../../bedrock/clients.ts';
import type { OwnPath, WireInput } from '../../bedrock/operations.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { wellFormedJson } from '../../canonical/well-formed.ts';
import { type Answered, type Sent, sendCommand } from '../call.ts';

/**
 * Sends one request to an API of OpenAI's on the runtime; the body of the answer is not read yet. Throws GatewayError.
 * The permissions are those of InvokeModel on the model, and for Responses on the account's default project
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html).
 *
 * `body`: without `model` and `stream`.
 */
export function sendBody(
  clients: BedrockClients,
  call: Sent,
  path: OwnPath,
  body: JsonObject,
  stream: boolean,
): Promise<Answered> {
  const wire: WireInput & Partial<InvokeModelCommandInput> = {
    modelId: call.target.id,
    ownPath: path,
    body: Buffer.from(wellFormedJson({ ...body, model: call.target.id, stream })),
    accept: stream ? 'text/event-stream' : 'application/json',
  };
  const input = wire as InvokeModelCommandInput;
  return sendCommand(
    clients,
    stream ? new InvokeModelWithResponseStreamCommand(input) : new InvokeModelCommand(input),
    call,
  );
}
