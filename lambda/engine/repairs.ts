import { efforts } from '../canonical/request.ts';
import type { ApiError } from '../errors.ts';
import type { Capabilities, ReasoningStyle } from '../models/capabilities.ts';

/** What a refusal says about a model: fitted again with this, the same request may be accepted. */
export interface Repair {
  correction: Partial<Capabilities>;
  /** Becomes `x-gateway-warnings`. */
  warning: string;
  /** The refusal is about this request's schemas and says nothing about the model: not to be remembered. */
  onlyThisRequest?: true;
  /** The words of the refusal that say so. */
  said: string;
}

interface Row {
  text: RegExp;
  /** undefined: the table says so already, so fitting again would change nothing. */
  correct: (capabilities: Capabilities, match: RegExpExecArray) => Partial<Capabilities> | undefined;
  warning: string;
  onlyThisRequest?: true;
}

/** What refuses a budget is Claude 4.7 or later, which shows its thinking only when asked to. */
const newestThinking: ReasoningStyle = {
  kind: 'adaptive',
  budgetToo: false,
  canDisable: true,
  textOnRequest: true,
  onByDefault: false,
  maxEffort: 'high',
};

const when = <T>(condition: boolean, value: T): T | undefined => (condition ? value : undefined);

/** After native structured output. */
const nextWay = ({ structuredOutput, tools }: Capabilities): Capabilities['structuredOutput'] => {
  if (structuredOutput !== 'native') return structuredOutput;
  return tools ? 'tool' : 'prompt';
};

/** What Bedrock puts before the words of a model's own validation. */
const provider = 'The model returned the following errors: ';

/**
 * A refusal that begins so. Refusals quote what they refuse, and a client can name a member of its request with
 * the words of another refusal: what stands in the middle of a text may be a quotation.
 */
function says(...beginnings: RegExp[]): RegExp {
  return new RegExp(`^(?:${provider})?(?:${beginnings.map(({ source }) => source).join('|')})`);
}

/** Converse: the field is named as in the API. */
const unsupported = (field: RegExp) =>
  new RegExp(`This model doesn['\u2019]t support the ${field.source} field`);
/** JSON schema of a model's native body: a pointer to the object, then its member. */
const extraneous = (member: RegExp) =>
  new RegExp(
    `(?:Malformed input request: )?#[\\w/]*: extraneous key \\[${member.source}\\] is not permitted`,
  );
/** Claude's own validation: the path of the member. */
const extra = (path: RegExp) => new RegExp(`${path.source}: Extra inputs are not permitted`);

/**
 * Bedrock's refusals that name something the request can do without, or say in another way. The texts are
 * Bedrock's and its models' own, as recorded or quoted in public issues; the family table should know better
 * beforehand, so each of these is a row of that table that is missing or was overtaken by a new model.
 */
const rows: readonly Row[] = [
  {
    text: says(
      /You invoked an unsupported model or your request did not allow prompt caching/,
      extraneous(/cachePoint/),
      extra(/[\w.]+\.cache_control/),
    ),
    correct: (c) => when(c.caching !== undefined, { caching: undefined }),
    warning: 'cache points were left out: the model refuses them',
  },
  {
    text: says(extra(/[\w.]+\.cache_control\.[\w.]*ttl/), extraneous(/ttl/), unsupported(/[\w.]*ttl/)),
    correct: (c) => c.caching && when(c.caching.ttl1h, { caching: { ...c.caching, ttl1h: false } }),
    warning: 'the ttl of cache points was left out: the model refuses it',
  },
  {
    text: says(/\W?temperature\W+and\W+top_p\W+cannot both be specified/),
    correct: (c) => when(!c.temperatureXorTopP, { temperatureXorTopP: true }),
    warning: 'top_p was left out: the model takes it only without temperature',
  },
  {
    text: says(
      /\W?(?:temperature|top_p|top_k|topP)\W+(?:is deprecated|is not supported)/,
      /Unsupported parameter: '(?:temperature|top_p)'/,
      unsupported(/(?:temperature|topP)/),
    ),
    correct: (c) => when(!c.refusesSampling, { refusesSampling: true, topK: undefined }),
    warning: 'sampling parameters were left out: the model refuses them',
  },
  {
    text: says(extraneous(/(?:top_k|k|inferenceConfig)/), extra(/top_k/)),
    correct: (c) => when(c.topK !== undefined, { topK: undefined }),
    warning: 'top_k was left out: the model refuses it',
  },
  {
    text: says(/\W?thinking\.type\.enabled\W+is not supported/),
    correct: (c) =>
      when(c.reasoning.kind !== 'adaptive' || c.reasoning.budgetToo, {
        reasoning: newestThinking,
      }),
    warning: 'a thinking budget became an effort: the model takes adaptive thinking only',
  },
  {
    text: says(/\W?thinking\.type\.disabled\W+is not supported/),
    correct: ({ reasoning }) =>
      reasoning.kind === 'adaptive'
        ? when(reasoning.canDisable, { reasoning: { ...reasoning, canDisable: false } })
        : when(reasoning.kind === 'effort', { reasoning: { ...newestThinking, canDisable: false } }),
    warning: 'thinking was left on: it cannot be switched off on this model',
  },
  {
    text: says(extra(/thinking\.(?:adaptive\.)?display/)),
    correct: ({ reasoning }) =>
      reasoning.kind === 'adaptive'
        ? when(reasoning.textOnRequest === true, { reasoning: { ...reasoning, textOnRequest: undefined } })
        : undefined,
    warning: 'the text of the thinking was not asked for: the model refuses that',
  },
  {
    text: says(
      /output_config\.effort: Input should be ((?:'\w+'(?:, | or )?)+)/,
      /Invalid value(?: for [\w.]{1,40})?: '\w{1,20}'\. Supported values are: ((?:'\w+'(?:, | and |, and )?)+)/,
    ),
    correct: ({ reasoning }, match) => withEfforts(reasoning, match[1] ?? match[2] ?? ''),
    warning: 'the reasoning effort became one that the model has',
  },
  {
    text: says(/Unknown parameter: '(?:reasoning_effort|thinking)'/),
    correct: ({ reasoning }) =>
      when(reasoning.kind === 'effort' && reasoning.field !== 'reasoning.effort', {
        reasoning: {
          kind: 'effort',
          field: 'reasoning.effort',
          values: ['none', 'low', 'medium', 'high', 'xhigh'],
          canDisable: true,
        },
      }),
    warning: 'the reasoning effort was put where the model reads it',
  },
  {
    text: says(/adaptive thinking is not supported/),
    correct: (c) => when(c.reasoning.kind !== 'budget', { reasoning: { kind: 'budget' } }),
    warning: 'adaptive thinking became a thinking budget: the model takes no other',
  },
  {
    text: says(
      extraneous(/(?:reasoning_effort|reasoning_config|reasoningConfig|thinking)/),
      extra(/(?:reasoning_effort|thinking|output_config)(?:\.effort)?/),
      /Unknown parameter: 'reasoning(?:\.effort)?'/,
    ),
    correct: (c) => when(c.reasoning.kind !== 'none', { reasoning: { kind: 'none' } }),
    warning: 'the request for reasoning was left out: the model has none to ask for',
  },
  {
    text: says(
      extra(/output_config\.format/),
      unsupported(/outputConfig(?:\.textFormat)?/),
      /[Ss]tructured outputs? (?:is|are) not supported/,
    ),
    correct: (c) => when(c.structuredOutput === 'native', { structuredOutput: nextWay(c) }),
    warning: 'the output schema is asked for in another way: the model does not take it natively',
  },
  {
    text: says(
      /output_config\.format\.schema\b/,
      /Schemas contains too many /,
      /The compiled grammar is too large/,
      /(?:Grammar )?compilation exceeded limits/,
      /Grammar compilation timed out/,
    ),
    correct: (c) =>
      when(c.structuredOutput === 'native' || c.strictTools, {
        structuredOutput: nextWay(c),
        strictTools: false,
      }),
    warning: 'the model is not bound to the schemas of this request: they are too much for its grammar',
    onlyThisRequest: true,
  },
  {
    text: says(/Too many strict tools/, /tools\.\d+\.custom: (?:Schema type '|For '\w+' type, )/),
    correct: (c) => when(c.strictTools, { strictTools: false }),
    warning: 'strict was left out of the tools: their schemas are too much for the model’s grammar',
    onlyThisRequest: true,
  },
  {
    text: says(extra(/tools\.\d+\.(?:custom\.)?strict/), unsupported(/[\w.]*strict/)),
    correct: (c) => when(c.strictTools, { strictTools: false }),
    warning: 'strict was left out of the tools: the model refuses it',
  },
  {
    text: says(/This model doesn['\u2019]t support tool use in streaming mode/),
    correct: (c) => when(c.toolsInStream, { toolsInStream: false }),
    warning: 'the answer came in one piece: the model does not stream tool calls',
  },
  {
    text: says(/The model is unsupported for streaming/),
    correct: (c) => when(c.streams, { streams: false }),
    warning: 'the answer came in one piece: the model does not stream',
  },
  {
    text: says(/tool_choice: type .{1,40} (?:is|are) not supported for this model/),
    correct: (c) => when(c.toolChoice.tool || c.toolChoice.any, { toolChoice: { any: false, tool: false } }),
    warning: 'tool_choice became auto: the model cannot be made to call a tool',
  },
  {
    text: says(unsupported(/toolConfig\.toolChoice\.any/)),
    correct: (c) => when(c.toolChoice.any, { toolChoice: { ...c.toolChoice, any: false } }),
    warning: 'tool_choice became auto: the model refuses required',
  },
  {
    text: says(unsupported(/toolConfig\.toolChoice(?:\.tool)?/)),
    correct: (c) => when(c.toolChoice.tool || c.toolChoice.any, { toolChoice: { any: false, tool: false } }),
    warning: 'tool_choice became auto: the model refuses a named tool',
  },
  {
    text: says(unsupported(/status/)),
    correct: (c) => when(c.toolResultStatus, { toolResultStatus: false }),
    warning: 'the status of tool results was left out: the model refuses it',
  },
  {
    text: says(/This model doesn['\u2019]t support system messages/),
    correct: (c) => when(c.system, { system: false }),
    warning: 'instructions became part of the first user message: the model takes no system messages',
  },
  {
    text: says(unsupported(/stopSequences/)),
    correct: (c) => when(c.stopSequences, { stopSequences: false }),
    warning: 'stop is applied by the gateway: the model refuses it',
  },
  {
    text: says(
      /(?:messages\.\d+\.content: )?(?:Conversation blocks and tool result|ToolResult) blocks cannot be provided in the same turn/,
    ),
    correct: (c) => when(!c.toolResultsAlone, { toolResultsAlone: true }),
    warning: 'tool results were put in a turn of their own',
  },
  {
    text: says(
      /(?:messages\.\d+\.content: )?Conversation blocks and tool use blocks cannot be provided in the same turn/,
    ),
    correct: (c) => when(!c.toolCallsAlone, { toolCallsAlone: true }),
    warning: 'tool calls were put in a turn of their own',
  },
  {
    text: says(unsupported(/reasoningContent\.redactedContent/)),
    correct: (c) => when(c.reasoningReplay !== false, { reasoningReplay: false }),
    warning: 'earlier reasoning was left out: the model does not take it back',
  },
  {
    text: says(unsupported(/reasoningContent\.reasoningText\.\w+/)),
    correct: (c) => when(c.reasoningReplay === true, { reasoningReplay: 'redacted' }),
    warning: 'the text of earlier reasoning was left out: the model does not take it back',
  },
  {
    text: says(/This model doesn['\u2019]t support the reasoningContent content block/),
    correct: (c) => when(c.reasoningReplay !== false, { reasoningReplay: false }),
    warning: 'earlier reasoning was left out: the model does not take it back',
  },
  {
    text: says(/A conversation must start with a user message/),
    correct: (c) => when(c.assistantFirst, { assistantFirst: false }),
    warning: 'a user message was put before the first assistant message',
  },
  {
    text: says(/This model does not support assistant message prefill/),
    correct: (c) => when(c.assistantLast, { assistantLast: false }),
    warning: 'the conversation must end with a user message for this model',
  },
  {
    text: says(
      /messages[\w.]*: Unexpected role\W+system/,
      /This model doesn['\u2019]t support the system role in messages/,
      /messages[\w.]*: role\W+system\W+(?:is )?not (?:supported|allowed)/,
    ),
    correct: (c) => when(c.midConversationSystem, { midConversationSystem: false }),
    warning: 'instructions within the conversation became user text: the model refuses them there',
  },
  {
    text: says(/Thinking may not be enabled when tool_choice forces tool use/),
    correct: (c) =>
      when(c.thinkingRefusesForcedTool !== true, { thinkingRefusesForcedTool: true }) ??
      when(c.toolChoice.any || c.toolChoice.tool, { toolChoice: { any: false, tool: false } }),
    warning: 'tool_choice became auto: the model cannot be forced to call a tool while it thinks',
  },
  {
    text: says(unsupported(/(?:toolConfig\.[\w.]*)?systemTool/)),
    correct: (c) => when(c.webSearchTool !== undefined, { webSearchTool: undefined }),
    warning: 'web search was left out: the model has none here',
  },
  {
    text: says(
      /(?:[\w.]+: )?[Tt]he detected file MIME type \S+ does not match the expected type/,
      /(?:[\w.]+: )?The image was specified using the \S+ media type, but the image appears to be/,
    ),
    correct: (c) => when(!c.mediaFormatByBytes, { mediaFormatByBytes: true }),
    warning: 'the format of a file was taken from its bytes: the one declared is another',
  },
  {
    text: says(/The maximum tokens you requested exceeds? the model limit of (\d+)/),
    correct: (c, match) => {
      const limit = Number(match[1]);
      return when(limit > 0 && (c.maxOutputTokens ?? Infinity) > limit, { maxOutputTokens: limit });
    },
    warning: 'max_tokens was lowered to what the model can write',
  },
];

/** Only words that are efforts, whatever else a refusal quotes. */
function withEfforts(reasoning: ReasoningStyle, quoted: string): Partial<Capabilities> | undefined {
  const named: string[] = quoted.match(/\w+/g) ?? [];
  const values = efforts.filter((effort) => named.includes(effort));
  if (values.length === 0) return undefined;
  if (reasoning.kind === 'adaptive') {
    const same = reasoning.efforts?.join() === values.join();
    return when(!same, { reasoning: { ...reasoning, efforts: values } });
  }
  if (reasoning.kind !== 'effort' || reasoning.values.join() === values.join()) return undefined;
  return { reasoning: { ...reasoning, values, canDisable: values.includes('none') } };
}

/** Characters of a refusal that are read: those that can be repaired are a sentence or two. */
const maxRead = 1000;

/** The repair that a refusal suggests, or undefined where it suggests none that the table does not know. */
export function repairFor(error: ApiError, capabilities: Capabilities): Repair | undefined {
  if (!error.upstream || error.status >= 500) return undefined;
  const said = error.upstream.message.slice(0, maxRead);
  for (const { text, correct, warning, onlyThisRequest } of rows) {
    const match = text.exec(said);
    const correction = match && correct(capabilities, match);
    if (correction)
      return { correction, warning, said: match[0], ...(onlyThisRequest && { onlyThisRequest }) };
  }
  return undefined;
}
