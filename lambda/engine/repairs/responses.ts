import { note } from '../../fields.ts';
import type { Capabilities, ResponsesTraits } from '../../models/capabilities.ts';
import { type RepairRow, says, when } from './row.ts';

/** Parameters of OpenAI's Responses: what a model says of one of these it says to everybody. */
const published =
  /(?:instructions|max_output_tokens|metadata|parallel_tool_calls|prompt_cache_(?:key|options)|reasoning|text|tool_choice|truncation|context_management|include|store|service_tier)/;

const byConverse = {
  correct: (c: Capabilities) => when(c.responses !== undefined, { responses: undefined }),
  warning: note`the request went by Converse: this model or this account cannot be asked in OpenAI's own API`,
};

/** What is refused of a request in OpenAI's Responses, on the runtime's path of its own. */
export const responsesRepairs: readonly RepairRow[] = [
  {
    // The path needs a permission more than the others, and not every account and id has it.
    text: says(
      /User: \S+ is not authorized to perform: ?bedrock:InvokeModel\w* on resource: arn:[\w-]+:bedrock:[\w-]*:\d*:project\//,
      /Application inference profiles are not supported by this API/,
      /This model is not available under data retention mode/,
      /UnknownOperationException$/,
    ),
    ...byConverse,
  },
  {
    // The name that stands between the words may be the client's.
    text: says(
      /(?:The|This) model\b.{0,200}? (?<said>(?:is not|isn['\u2019]t) supported on this route|does(?: not|n['\u2019]t) support the '\/v1\/responses' API)/,
    ),
    ...byConverse,
  },
  {
    text: says(/The encrypted content\b.{0,400}? could not be (?:verified|decrypted)/),
    correct: (c) =>
      // Of a model that is asked in it for all, as those of bedrock-mantle are, it is no trait.
      c.responses || c.reasoningReplay !== 'responses'
        ? withTraits(c, ({ refusesReasoning }) => when(!refusesReasoning, { refusesReasoning: true }))
        : { reasoningReplay: false },
    warning: note`earlier reasoning, or a compaction, was left out: another model wrote it`,
    onlyThisRequest: true,
  },
  {
    text: says(/Invalid schema for (?:response_format|function) /),
    correct: (c) => withTraits(c, ({ refusesStrict }) => when(!refusesStrict, { refusesStrict: true })),
    warning: note`schemas are not kept strictly: the model refuses one of them so`,
    onlyThisRequest: true,
  },
  {
    // Refused however loosely it is kept: Converse's means mend it.
    text: says(/Invalid schema for (?:response_format|function) /),
    ...byConverse,
    onlyThisRequest: true,
  },
  {
    // A member of an object that the model does without.
    text: says(/Unknown parameter: '((?:reasoning|text|prompt_cache_options)\.[\w-]{1,64})'/),
    correct: withoutParameter,
    warning: note`a parameter was left out: the model refuses it`,
    onlyThisRequest: true,
  },
  {
    // The form of what is asked, which Converse's means put right: items newer than the path, choices of what is not there.
    text: says(
      /(?:Unknown|Unsupported|Missing required) parameter: '(?:input|tools|tool_choice|text|reasoning)[.[]/,
      /Invalid value: '/,
      /Invalid (?:type for )?'(?:input|tools|tool_choice|text|reasoning)[.[]/,
      /Duplicate item found with id /,
      /No tool (?:output|call) found for /,
      /Tool choice '.{0,200}?' not found in 'tools' parameter/,
    ),
    correct: byConverse.correct,
    warning: note`the request went by Converse: OpenAI's own API refuses something of its form`,
    onlyThisRequest: true,
  },
  {
    text: says(new RegExp(`(?:Unknown|Unsupported) parameter: '(${published.source})'`)),
    correct: withoutParameter,
    warning: note`a parameter was left out: the model refuses it`,
  },
  {
    // A name that the client may have made up.
    text: says(/(?:Unknown|Unsupported) parameter: '([\w-]{1,64})'/),
    correct: withoutParameter,
    warning: note`a parameter was left out: the model refuses it`,
    onlyThisRequest: true,
  },
];

function withoutParameter(c: Capabilities, match: RegExpExecArray): Partial<Capabilities> | undefined {
  const name = match[1];
  return withTraits(c, ({ refused = [] }) =>
    name === undefined || refused.includes(name) ? undefined : { refused: [...refused, name] },
  );
}

function withTraits(
  { responses }: Capabilities,
  change: (traits: ResponsesTraits) => Partial<ResponsesTraits> | undefined,
): Partial<Capabilities> | undefined {
  const changed = responses && change(responses);
  return changed && { responses: { ...responses, ...changed } };
}
