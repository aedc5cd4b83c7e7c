import { field, type Note, type RequestField } from '../../fields.ts';

/** What OpenAI's APIs on Bedrock call the fields of a request, by the gateway's own names. */
const fields: Readonly<Record<string, RequestField>> = {
  model: 'model',
  messages: 'messages',
  input: 'messages',
  max_tokens: 'maxTokens',
  max_completion_tokens: 'maxTokens',
  max_output_tokens: 'maxTokens',
  temperature: 'temperature',
  top_p: 'topP',
  stop: 'stopSequences',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
  seed: 'seed',
  logit_bias: 'logitBias',
  tools: 'tools',
  tool_choice: 'toolChoice',
  parallel_tool_calls: 'parallelToolCalls',
  response_format: 'outputFormat',
  'text.format': 'outputFormat',
  reasoning_effort: 'reasoning.effort',
  'reasoning.effort': 'reasoning.effort',
  service_tier: 'serviceTier',
  metadata: 'requestMetadata',
};

/**
 * What of the client's request an error names in `param`, be it a path into a body that was made of that request: the
 * field itself, since places in lists may be others there. Undefined for what no client has said.
 */
export function fieldNamed(param: string): Note | undefined {
  const [, root = '', member = ''] = /^(\w{1,64})(?:\.(\w{1,64}))?/.exec(param) ?? [];
  const found = [`${root}.${member}`, root].find((name) => Object.hasOwn(fields, name));
  const name = found === undefined ? undefined : fields[found];
  return name && field(name);
}
