import { isAnthropics } from './anthropic/asked.ts';
import { anthropicErrors } from './anthropic/error.ts';
import type { ErrorFormat } from './api.ts';
import { openAiErrors } from './openai/error.ts';

/** The format of the errors that a request may end with, known from its path and headers alone. */
export function errorFormatFor(path: string, headers: { has(name: string): boolean }): ErrorFormat {
  return isAnthropics(path, headers) ? anthropicErrors : openAiErrors;
}
