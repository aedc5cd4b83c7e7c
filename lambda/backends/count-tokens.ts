import { CountTokensCommand, type CountTokensCommandInput } from '@aws-sdk/client-bedrock-runtime';
import type { BedrockClients } from '../bedrock/clients.ts';
import type { WireInput } from '../bedrock/operations.ts';
import { count, members, parseJson } from '../canonical/json.ts';
import type { JsonObject } from '../canonical/types.ts';
import { wellFormedJson } from '../canonical/well-formed.ts';
import { readText, type Sent, sendCommand } from './call.ts';
import { notAnAnswer } from './errors/incomplete.ts';

export interface CountCall extends Sent {
  /** The foundation model's id: CountTokens knows neither profiles nor ARNs. */
  modelId: string;
  /** The body of an InvokeModel call. */
  body: JsonObject;
}

/** Has Bedrock count the input tokens of a request. Fails only with GatewayError. */
export type CountTokens = (call: CountCall) => Promise<number>;

/**
 * One CountTokens a call, which runs no model and costs nothing
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html).
 */
export function createCountTokens(clients: BedrockClients): CountTokens {
  return async ({ modelId, body, ...call }) => {
    const answered = await sendCommand(clients, new CountTokensCommand(input(modelId, body)), call);
    const text = await readText(answered.body, call);
    const tokens = count(members(parseJson(text)?.value).inputTokens);
    if (tokens === undefined) throw notAnAnswer(answered.requestId);
    return tokens;
  };
}

/** The command's type asks for the input of its schema; WireProtocol takes this instead. */
function input(modelId: string, body: JsonObject): CountTokensCommandInput {
  const wire: WireInput = {
    modelId,
    wireBody: { input: { invokeModel: { body: Buffer.from(wellFormedJson(body)).toString('base64') } } },
  };
  return wire as unknown as CountTokensCommandInput;
}
