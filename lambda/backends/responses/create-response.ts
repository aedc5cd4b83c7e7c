import type { BedrockClients } from '../../bedrock/clients.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { Answered, Sent } from '../call.ts';
import { sendBody } from '../openai/send-body.ts';

/**
 * Sends one request to OpenAI's Responses. Nothing is stored: what Bedrock keeps by default, for 30 days in the region that
 * answered, nobody could ask for here.
 */
export const createResponse = (
  clients: BedrockClients,
  call: Sent,
  body: JsonObject,
  stream: boolean,
): Promise<Answered> => sendBody(clients, call, 'openai/v1/responses', { ...body, store: false }, stream);
