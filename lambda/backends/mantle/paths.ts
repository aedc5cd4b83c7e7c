/** Whose APIs have OpenAI's own path there; open weights have the plain one (AWS's page on endpoints, October 2026). */
const underOpenAi = /^(?:openai\.gpt-[5-9]|google\.gemma-4|xai\.)/;
/** Their Chat Completions refuse tools beside reasoning. */
const inResponses = /^openai\.gpt-[5-9]/;

export type MantleApi = 'chat/completions' | 'responses';

export const apiOf = (modelId: string): MantleApi =>
  inResponses.test(modelId) ? 'responses' : 'chat/completions';

/** Where a model is asked on bedrock-mantle. */
export const pathOf = (modelId: string): string =>
  `${underOpenAi.test(modelId) ? 'openai/v1' : 'v1'}/${apiOf(modelId)}`;
