import { note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { type RepairRow, says, when } from './row.ts';

/** Parameters of Chat Completions: what a model says of one of these it says to everybody. */
const published =
  /(?:temperature|top_p|presence_penalty|frequency_penalty|logit_bias|logprobs|top_logprobs|seed|verbosity|parallel_tool_calls|prompt_cache_key)/;

const byConverse = {
  correct: (c: Capabilities) => when(c.chat !== undefined, { chat: undefined }),
  warning: note`the request went by Converse: this model, or this account, cannot be asked so in OpenAI's own API`,
};
const leftOut = {
  correct: withoutParameter,
  warning: note`a parameter was left out: the model refuses it`,
};

/** What is refused of a request in OpenAI's Chat Completions, on the runtime's path of its own. */
export const chatRepairs: readonly RepairRow[] = [
  {
    text: says(
      /Application inference profiles are not supported by this API/,
      /This model is not available under data retention mode/,
      /UnknownOperationException$/,
    ),
    ...byConverse,
  },
  {
    // The name that stands between the words may be the client's.
    text: says(
      /(?:The|This) model\b.{0,200}? (?<said>(?:is not|isn['\u2019]t) supported on this route|does(?: not|n['\u2019]t) support the '(?:\/openai)?\/v1\/chat\/completions' API)/,
    ),
    ...byConverse,
  },
  {
    text: says(
      /Function tools with reasoning_effort are not supported/,
      /Invalid schema for (?:response_format|function) /,
      // Without these the answer would be another one.
      /(?:Unknown|Unsupported) (?:parameter|value): '(?:messages|tools|tool_choice|response_format|reasoning_effort|service_tier)/,
      // Their form, which Converse's means put right.
      /Missing required parameter: '(?:messages|tools|tool_choice|response_format)[.[]/,
      /Invalid value: '/,
      /Invalid (?:type for )?'(?:messages|tools|tool_choice|response_format)[.[]/,
    ),
    ...byConverse,
    onlyThisRequest: true,
  },
  {
    text: says(new RegExp(`(?:Unknown|Unsupported) (?:parameter|value): '(${published.source})'`)),
    ...leftOut,
  },
  {
    // A name that the client may have made up.
    text: says(/(?:Unknown|Unsupported) parameter: '([\w-]{1,64})'/),
    ...leftOut,
    onlyThisRequest: true,
  },
];

function withoutParameter(
  { chat, chatRefused = [] }: Capabilities,
  match: RegExpExecArray,
): Partial<Capabilities> | undefined {
  const name = match[1];
  if (!chat || name === undefined || chatRefused.includes(name)) return undefined;
  return { chatRefused: [...chatRefused, name] };
}
