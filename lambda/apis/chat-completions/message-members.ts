/**
 * What a message of each role may hold for a model that speaks Chat Completions
 * (https://platform.openai.com/docs/api-reference/chat/create); unknown members of messages are refused. What clients
 * echo beside it (reasoning, its signatures, annotations, nulls) is this gateway's or other servers' own.
 */
export const messageMembers: Readonly<Record<string, readonly string[]>> = {
  system: ['content', 'name'],
  developer: ['content', 'name'],
  user: ['content', 'name'],
  assistant: ['content', 'refusal', 'name', 'tool_calls'],
  tool: ['content', 'tool_call_id'],
};

/** The same of the parts of their content, by type. */
export const partMembers: Readonly<Record<string, readonly string[]>> = {
  text: ['type', 'text'],
  refusal: ['type', 'refusal'],
  image_url: ['type', 'image_url'],
  file: ['type', 'file'],
};

/** Those of these members that are there; null is as good as absent. */
export const membersOnly = (object: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (object[name] != null ? [[name, object[name]] as const] : [])));
