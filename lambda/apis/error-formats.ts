import { isAnthropics } from './anthropic/asked.ts';
import { anthropicErrors } from './anthropic/error.ts';
import type { ErrorFormat } from './api.ts';
import { openAiErrors } from './openai/error.ts';
import { rerankErrors } from './rerank/error.ts';

/** The format of the errors that a request may end with, known from its path and headers alone. */
export function errorFormatFor(path: string, headers: { has(name: string): boolean }): ErrorFormat {
  if (isAnthropics(path, headers)) return anthropicErrors;
  return path.endsWith('/rerank') ? rerankErrors : openAiErrors;
}
