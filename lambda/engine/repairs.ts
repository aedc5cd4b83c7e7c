import { efforts } from '../canonical/request.ts';
import type { ApiError } from '../errors.ts';
import type { Capabilities, ReasoningStyle } from '../models/capabilities.ts';

/** What a refusal teaches about a model: fitted again with this, the same request is accepted. */
export interface Repair {
  correction: Partial<Capabilities>;
  /** Becomes `x-gateway-warnings`. */
  warning: string;
}

interface Row {
  text: RegExp;
  /** undefined: the table says so already, so fitting again would change nothing. */
  correct: (capabilities: Capabilities, match: RegExpExecArray) => Partial<Capabilities> | undefined;
  warning: string;
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

/**
 * Bedrock's refusals that name something the request can do without, or say in another way. The texts are
 * Bedrock's and its models' own, as recorded or quoted in public issues; the family table should know better
 * beforehand, so each of these is a row of that table that is missing or was overtaken by a new model.
 */
const rows: readonly Row[] = [
  {
    text: /did not allow prompt caching|extraneous key \[cachePoint\]|cache_control: Extra inputs/i,
    correct: (c) => when(c.caching !== undefined, { caching: undefined }),
    warning: 'cache points were left out: the model refuses them',
  },
  {
    text: /cache_control\.\S*ttl|extraneous key \[ttl\]|support the \S*ttl field/i,
    correct: (c) => c.caching && when(c.caching.ttl1h, { caching: { ...c.caching, ttl1h: false } }),
    warning: 'the ttl of cache points was left out: the model refuses it',
  },
  {
    text: /temperature\W+and\W+top_p\W+cannot both be specified/i,
    correct: (c) => when(!c.temperatureXorTopP, { temperatureXorTopP: true }),
    warning: 'top_p was left out: the model takes it only without temperature',
  },
  {
    text: /(temperature|top_p|top_k|topP)\W+(is deprecated|is not supported)|Unsupported parameter: '(temperature|top_p)'|support the (temperature|topP) field/i,
    correct: (c) => when(!c.refusesSampling, { refusesSampling: true, topK: undefined }),
    warning: 'sampling parameters were left out: the model refuses them',
  },
  {
    text: /extraneous key \[(top_k|k|inferenceConfig)\]|\btop_k: Extra inputs/i,
    correct: (c) => when(c.topK !== undefined, { topK: undefined }),
    warning: 'top_k was left out: the model refuses it',
  },
  {
    text: /thinking\.type\.enabled\W+is not supported/i,
    correct: (c) =>
      when(c.reasoning.kind !== 'adaptive' || c.reasoning.budgetToo, {
        reasoning: newestThinking,
      }),
    warning: 'a thinking budget became an effort: the model takes adaptive thinking only',
  },
  {
    text: /thinking\.type\.disabled\W+is not supported/i,
    correct: ({ reasoning }) =>
      reasoning.kind === 'adaptive'
        ? when(reasoning.canDisable, { reasoning: { ...reasoning, canDisable: false } })
        : when(reasoning.kind === 'effort', { reasoning: { ...newestThinking, canDisable: false } }),
    warning: 'thinking was left on: it cannot be switched off on this model',
  },
  {
    text: /thinking\.(adaptive\.)?display: Extra inputs/i,
    correct: ({ reasoning }) =>
      reasoning.kind === 'adaptive'
        ? when(reasoning.textOnRequest === true, { reasoning: { ...reasoning, textOnRequest: undefined } })
        : undefined,
    warning: 'the text of the thinking was not asked for: the model refuses that',
  },
  {
    text: /output_config\.effort: Input should be ((?:'\w+'(?:, | or )?)+)|Supported values are: ((?:'\w+'(?:, | and |, and )?)+)/i,
    correct: ({ reasoning }, match) => withEfforts(reasoning, match[1] ?? match[2] ?? ''),
    warning: 'the reasoning effort became one that the model has',
  },
  {
    text: /Unknown parameter: '(reasoning_effort|thinking)'/i,
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
    text: /adaptive thinking is not supported/i,
    correct: (c) => when(c.reasoning.kind !== 'budget', { reasoning: { kind: 'budget' } }),
    warning: 'adaptive thinking became a thinking budget: the model takes no other',
  },
  {
    text: /extraneous key \[(reasoning_effort|reasoning_config|reasoningConfig|thinking)\]|(reasoning_effort|thinking|output_config)(\.effort)?: Extra inputs|Unknown parameter: 'reasoning(\.effort)?'/i,
    correct: (c) => when(c.reasoning.kind !== 'none', { reasoning: { kind: 'none' } }),
    warning: 'the request for reasoning was left out: the model has none to ask for',
  },
  {
    text: /output_config\.format: Extra inputs|support the outputConfig(\.textFormat)? field|structured outputs? (is|are) not supported/i,
    correct: (c) => when(c.structuredOutput === 'native', { structuredOutput: c.tools ? 'tool' : 'prompt' }),
    warning: 'the output schema is asked for in another way: the model does not take it natively',
  },
  {
    text: /\bstrict: Extra inputs|support the \S*strict field/i,
    correct: (c) => when(c.strictTools, { strictTools: false }),
    warning: 'strict was left out of the tools: the model refuses it',
  },
  {
    text: /tool use in streaming mode/i,
    correct: (c) => when(c.toolsInStream, { toolsInStream: false }),
    warning: 'the answer came in one piece: the model does not stream tool calls',
  },
  {
    text: /model is unsupported for streaming/i,
    correct: (c) => when(c.streams, { streams: false }),
    warning: 'the answer came in one piece: the model does not stream',
  },
  {
    text: /tool_choice: type .{1,40} (is|are) not supported for this model/i,
    correct: (c) => when(c.toolChoice.tool || c.toolChoice.any, { toolChoice: { any: false, tool: false } }),
    warning: 'tool_choice became auto: the model cannot be made to call a tool',
  },
  {
    text: /support the toolConfig\.toolChoice\.any field/i,
    correct: (c) => when(c.toolChoice.any, { toolChoice: { ...c.toolChoice, any: false } }),
    warning: 'tool_choice became auto: the model refuses required',
  },
  {
    text: /support the toolConfig\.toolChoice(\.tool)? field/i,
    correct: (c) => when(c.toolChoice.tool || c.toolChoice.any, { toolChoice: { any: false, tool: false } }),
    warning: 'tool_choice became auto: the model refuses a named tool',
  },
  {
    text: /support the status field/i,
    correct: (c) => when(c.toolResultStatus, { toolResultStatus: false }),
    warning: 'the status of tool results was left out: the model refuses it',
  },
  {
    text: /support system messages/i,
    correct: (c) => when(c.system, { system: false }),
    warning: 'instructions became part of the first user message: the model takes no system messages',
  },
  {
    text: /support the stopSequences field/i,
    correct: (c) => when(c.stopSequences, { stopSequences: false }),
    warning: 'stop is applied by the gateway: the model refuses it',
  },
  {
    text: /tool result blocks cannot be provided in the same turn/i,
    correct: (c) => when(!c.toolResultsAlone, { toolResultsAlone: true }),
    warning: 'tool results were put in a turn of their own',
  },
  {
    text: /tool use blocks cannot be provided in the same turn/i,
    correct: (c) => when(!c.toolCallsAlone, { toolCallsAlone: true }),
    warning: 'tool calls were put in a turn of their own',
  },
  {
    text: /support the reasoningContent\.redactedContent field/i,
    correct: (c) => when(c.reasoningReplay !== false, { reasoningReplay: false }),
    warning: 'earlier reasoning was left out: the model does not take it back',
  },
  {
    text: /support the reasoningContent\.reasoningText\.\w+ field/i,
    correct: (c) => when(c.reasoningReplay === true, { reasoningReplay: 'redacted' }),
    warning: 'the text of earlier reasoning was left out: the model does not take it back',
  },
  {
    text: /support the reasoningContent content block/i,
    correct: (c) => when(c.reasoningReplay !== false, { reasoningReplay: false }),
    warning: 'earlier reasoning was left out: the model does not take it back',
  },
  {
    text: /conversation must start with a user message/i,
    correct: (c) => when(c.assistantFirst, { assistantFirst: false }),
    warning: 'a user message was put before the first assistant message',
  },
  {
    text: /does not support assistant message prefill/i,
    correct: (c) => when(c.assistantLast, { assistantLast: false }),
    warning: 'the conversation must end with a user message for this model',
  },
  {
    text: /unexpected role\W+system|role\W+system\W+(is )?not (supported|allowed)/i,
    correct: (c) => when(c.midConversationSystem, { midConversationSystem: false }),
    warning: 'instructions within the conversation became user text: the model refuses them there',
  },
  {
    text: /Thinking may not be enabled when tool_choice forces tool use/i,
    correct: (c) =>
      when(c.thinkingRefusesForcedTool !== true, { thinkingRefusesForcedTool: true }) ??
      when(c.toolChoice.any || c.toolChoice.tool, { toolChoice: { any: false, tool: false } }),
    warning: 'tool_choice became auto: the model cannot be forced to call a tool while it thinks',
  },
  {
    text: /support the (toolConfig\.\S*)?systemTool field/i,
    correct: (c) => when(c.webSearchTool !== undefined, { webSearchTool: undefined }),
    warning: 'web search was left out: the model has none here',
  },
  {
    text: /detected file MIME type .{1,100} does not match the expected type|media type, but the image appears to be/i,
    correct: (c) => when(!c.mediaFormatByBytes, { mediaFormatByBytes: true }),
    warning: 'the format of a file was taken from its bytes: the one declared is another',
  },
  {
    text: /maximum tokens you requested exceeds? the model limit of (\d+)/i,
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

/** The repair for a refusal, or undefined when it is none that the gateway can mend. */
export function repairFor(error: ApiError, capabilities: Capabilities): Repair | undefined {
  if (!error.upstream || error.status >= 500) return undefined;
  for (const { text, correct, warning } of rows) {
    const match = text.exec(error.upstream.message);
    const correction = match && correct(capabilities, match);
    if (correction) return { correction, warning };
  }
  return undefined;
}
