/**
 * Parameters of Chat Completions that change nothing of an answer on Bedrock, whose own validation refuses what it does
 * not know: they are left out, and named unless they ask for nothing. All others go on, also those that are newer than
 * this.
 */
export const withoutEffect: ReadonlyMap<string, 'named' | 'silently'> = new Map([
  ['audio', 'named'],
  ['prediction', 'named'],
  ['moderation', 'named'],
  ['prompt_cache_options', 'named'],
  ['prompt_cache_retention', 'named'],
  ['web_search_options', 'named'],
  ['top_k', 'named'],
  ['topK', 'named'],
  ['modalities', 'silently'],
  ['safety_identifier', 'silently'],
  ['user', 'silently'],
  ['store', 'silently'],
]);

/** Values at which a parameter asks for nothing: no one needs to hear that it was left out. */
export const quiet: Readonly<Record<string, unknown>> = {
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  logprobs: false,
  top_logprobs: 0,
};
