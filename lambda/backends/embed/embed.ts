import type { BedrockClients } from '../../bedrock/clients.ts';
import { count, members, parseJson } from '../../canonical/json.ts';
import { GatewayError } from '../../errors.ts';
import type { Embed, EmbedCall, Embedded } from '../../models/embeddings/contract.ts';
import { type Answered, readText } from '../call.ts';
import { invokeModel } from '../invoke/invoke-model.ts';
import { type EmbedFormat, embedFormats } from './formats.ts';

/** Embedding models: one InvokeModel a call, retries and batches are the caller's. */
export function createEmbed(clients: BedrockClients): Embed {
  return async (call) => {
    const { texts, options, requestMetadata } = call;
    const format = embedFormats[call.format];
    const body = format.toBody(texts, options);
    const answered = await invokeModel(clients, call, body, requestMetadata ? { requestMetadata } : {});
    return read(format, await readText(answered.body, call), call, answered);
  };
}

function read(format: EmbedFormat, text: string, { texts }: EmbedCall, answered: Answered): Embedded {
  const { vectors, inputTokens = headerCount(answered) } = format.fromBody(members(parseJson(text)?.value));
  if (vectors?.length !== texts.length) throw notVectors(texts.length, answered);
  return {
    vectors,
    ...(inputTokens !== undefined && { inputTokens }),
    ...(answered.requestId !== undefined && { requestId: answered.requestId }),
  };
}

/** Cohere and Nova count in this header alone (recorded). */
function headerCount({ headers }: Answered): number | undefined {
  return count(headers['x-amzn-bedrock-input-token-count']);
}

function notVectors(expected: number, { requestId }: Answered): GatewayError {
  return new GatewayError({
    status: 502,
    reason: 'model_error',
    code: 'bad_gateway',
    message: `The embedding model answered without the ${expected} vector(s) it was asked for. Please try again.`,
    upstream: { name: 'IncompleteAnswer', message: '', status: 200, requestId },
  });
}
