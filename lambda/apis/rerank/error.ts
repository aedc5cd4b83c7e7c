import type { ErrorFormat } from '../api.ts';
import { openAiErrorBody, openAiErrors } from '../openai/error.ts';

/**
 * Errors of rerank: Cohere's `message` (https://docs.cohere.com/reference/errors) beside OpenAI's envelope, because the
 * route has clients of both.
 */
export const rerankErrors: ErrorFormat = {
  ...openAiErrors,
  body: (error) => ({ message: error.message, ...openAiErrorBody(error) }),
};
