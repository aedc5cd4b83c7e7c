import { CountTokensCommand, type CountTokensCommandInput } from '@aws-sdk/client-bedrock-runtime';
import type { BedrockClients } from '../bedrock/clients.ts';
import type { WireInput } from '../bedrock/operations.ts';
import { count, members, parseJson } from '../canonical/json.ts';
import type { ConverseRequest, JsonObject } from '../canonical/types.ts';
import { wellFormedJson } from '../canonical/well-formed.ts';
import { readText, type Sent, sendCommand } from './call.ts';
import { notAnAnswer } from './errors/incomplete.ts';

export interface CountCall extends Sent {
  /** The foundation model's id: CountTokens knows neither profiles nor ARNs. */
  modelId: string;
  counted: Counted;
}

/** What is counted: the body of an InvokeModel call, or what Converse takes of a conversation. */
export type Counted =
  | { invokeModel: JsonObject }
  | {
      converse: Pick<ConverseRequest, 'messages' | 'system' | 'toolConfig' | 'additionalModelRequestFields'>;
    };

/** Has Bedrock count the input tokens of a request. Fails only with GatewayError. */
export type CountTokens = (call: CountCall) => Promise<number>;

/**
 * One CountTokens a call, which runs no model and costs nothing
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html).
 */
export function createCountTokens(clients: BedrockClients): CountTokens {
  return async ({ modelId, counted, ...call }) => {
    const answered = await sendCommand(clients, new CountTokensCommand(input(modelId, counted)), call);
    const text = await readText(answered.body, call);
    const tokens = count(members(parseJson(text)?.value).inputTokens);
    if (tokens === undefined) throw notAnAnswer(answered.requestId);
    return tokens;
  };
}

/** The command's type asks for the input of its schema; WireProtocol takes this instead. */
function input(modelId: string, counted: Counted): CountTokensCommandInput {
  const wire: WireInput = {
    modelId,
    wireBody: {
      input:
        'converse' in counted
          ? counted
          : {
              invokeModel: { body: Buffer.from(wellFormedJson(counted.invokeModel)).toString('base64') },
            },
    },
  };
  return wire as unknown as CountTokensCommandInput;
}
