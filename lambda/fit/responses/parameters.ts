/**
 * Parameters of Responses that change nothing of an answer on Bedrock, whose own validation refuses what it does not know:
 * they are left out, and named unless the answer repeats them. All others go on, also those that are newer than this.
 */
export const withoutEffect: ReadonlyMap<string, 'named' | 'silently'> = new Map([
  ['client_metadata', 'named'],
  ['max_tool_calls', 'named'],
  ['top_logprobs', 'named'],
  ['prompt_cache_retention', 'named'],
  ['image', 'named'],
  ['access_programs', 'named'],
  ['moderation', 'named'],
  ['background_options', 'named'],
  ['background', 'silently'],
  ['stream_options', 'silently'],
  ['safety_identifier', 'silently'],
  ['user', 'silently'],
  ['store', 'silently'],
]);
