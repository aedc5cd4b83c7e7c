import { openAiErrors } from '../../lambda/apis/openai/error.ts';
import type { GatewayError } from '../../lambda/errors.ts';

/** OpenAI's envelope. */
export interface OpenAiBody {
  error: { message: string; type: string; param: string | null; code: string | null };
}

/** An error as a client of OpenAI's APIs gets it. */
export const openAiBody = (error: GatewayError) => openAiErrors.body(error, 'req') as OpenAiBody;
