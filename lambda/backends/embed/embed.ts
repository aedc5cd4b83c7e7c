import type { BedrockClients } from '../../bedrock/clients.ts';
import { count, members, parseJson } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { GatewayError } from '../../errors.ts';
import type { Embed, EmbedCall, Embedded } from '../../models/embeddings/contract.ts';
import { type Answered, readText } from '../call.ts';
import { invokeModel } from '../invoke/invoke-model.ts';
import { type EmbedFormat, embedFormats } from './formats.ts';

/** Embedding models: one InvokeModel a call, retries and batches are the caller's. */
export function createEmbed(clients: BedrockClients): Embed {
  return async (call) => {
    const { requestMetadata } = call;
    const format = embedFormats[call.format];
    const body = bodyOf(format, call);
    const answered = await invokeModel(clients, call, body, requestMetadata ? { requestMetadata } : {});
    return read(format, await readText(answered.body, call), call, answered);
  };
}

function bodyOf(format: EmbedFormat, { texts, image, options }: EmbedCall): JsonObject {
  const body = image ? format.toImageBody?.(image, texts[0], options) : format.toBody(texts, options);
  if (!body) throw new Error('The family takes no images.');
  return body;
}

function read(format: EmbedFormat, text: string, { texts, image }: EmbedCall, answered: Answered): Embedded {
  const expected = image ? 1 : texts.length;
  const { vectors, inputTokens = headerCount(answered) } = format.fromBody(members(parseJson(text)?.value));
  if (vectors?.length !== expected || !vectors.every(isVector)) throw notVectors(expected, answered);
  return {
    vectors,
    ...(inputTokens !== undefined && { inputTokens }),
    ...(answered.requestId !== undefined && { requestId: answered.requestId }),
  };
}

const isVector = (given: unknown): boolean =>
  Array.isArray(given) && given.length > 0 && given.every(Number.isFinite);

/** Cohere and Nova count in this header alone (recorded). */
function headerCount({ headers }: Answered): number | undefined {
  return count(headers['x-amzn-bedrock-input-token-count']);
}

function notVectors(expected: number, { requestId }: Answered): GatewayError {
  return new GatewayError({
    status: 502,
    reason: 'model_error',
    code: 'bad_gateway',
    mayHaveRun: true,
    message: `The embedding model answered without the ${expected} vector(s) it was asked for. Please try again.`,
    upstream: { name: 'IncompleteAnswer', message: '', status: 200, requestId },
  });
}
