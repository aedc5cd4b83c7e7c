import { anthropicErrors } from './anthropic/error.ts';
import type { ErrorFormat } from './api.ts';
import { openAiErrors } from './openai/error.ts';

/** Paths that only Anthropic's clients call, below whatever base URL. */
const anthropicPaths = /^\/anthropic\/|\/messages(\/|$)/;
const sharedPaths = /\/models(\/|$)/;

/**
 * The format of the errors that a request may end with, known from its path and headers alone. Both vendors' clients
 * ask for the list of models; Anthropic's always send `anthropic-version`.
 */
export function errorFormatFor(path: string, headers: { has(name: string): boolean }): ErrorFormat {
  if (anthropicPaths.test(path)) return anthropicErrors;
  return sharedPaths.test(path) && headers.has('anthropic-version') ? anthropicErrors : openAiErrors;
}
