import type { Tokenizer } from '../canonical/input-tokens/counting.ts';

/**
 * What a model takes and does, as far as the gateway needs to know. One value per family lives in
 * `models/families/`; code asks these questions and never looks at a model's name. Where a way of asking for
 * something is called after a maker (`nova`, `anthropic`), it is that maker's own members of a request that are meant.
 */
export interface Capabilities {
  /** The family's name in `models/families/`; `unknown` for models that no entry matches. */
  family: string;
  /** Tokens; undefined where no source is known. */
  contextTokens?: number;
  /** The most that any source says the model writes: an explicit max_tokens is lowered to it, and only to it. */
  maxOutputTokens?: number;
  /**
   * Sent where the client names no max_tokens; undefined: `maxOutputTokens`, or half of it where it is long. `unsent`:
   * the model's own default is its maximum.
   */
  defaultMaxTokens?: number | 'unsent';

  /** CountTokens counts for it, by the id of its foundation model. */
  countsTokens?: boolean;
  /** How an estimate of its input comes nearest; undefined: nothing is known. */
  tokenizer?: Tokenizer;

  /** Takes `system` blocks. When false they become user text. */
  system: boolean;
  /** Takes messages of role `system` after the first turn. */
  midConversationSystem: boolean;
  /** A conversation may begin with the assistant. */
  assistantFirst: boolean;
  /** A conversation may end with the assistant (prefill). */
  assistantLast: boolean;

  /** Answers to ConverseStream; when false every request goes to Converse and the stream is made from its answer. */
  streams: boolean;
  tools: boolean;
  /** Calls tools in ConverseStream; when false such a request goes to Converse and the stream is made from its answer. */
  toolsInStream: boolean;
  toolChoice: { any: boolean; tool: boolean };
  strictTools: boolean;
  /** `tool_choice.disable_parallel_tool_use` in additionalModelRequestFields. */
  disableParallelTools: boolean;
  /** Characters of tool names beyond letters, digits and `_`. */
  hyphenInToolNames: boolean;
  /** Characters of the ids of calls: those of Converse, letters, digits, `_` and `-` alone, or nine letters and digits. */
  toolUseId: 'any' | 'word' | 'nine-alphanumerics';
  /** Tool results must be alone in their turn. */
  toolResultsAlone: boolean;
  /** Tool calls must be alone in their turn: what the assistant said beside them goes into one of its own. */
  toolCallsAlone: boolean;
  toolResultStatus: boolean;
  /** Media that may stand inside a tool result. `text` documents are txt, csv, md and html. */
  toolResultMedia: { image: boolean; document: 'any' | 'text' | false; video: boolean };
  /** Special tokens, tags or calls as JSON that the model lets slip into its text or reasoning. */
  leaks?: 'kimi-tool-tokens' | 'deepseek-tool-tokens' | 'think-tags' | 'json-calls';
  /** The system tool that searches the web. */
  webSearchTool?: 'nova_grounding';

  image: boolean;
  /** Characters of base64 that one image may have; undefined where no limit is known to be enforced. */
  imageBase64Limit?: number;
  /** Compares a file's declared format with its bytes, and refuses when they differ. Learned, not in the table. */
  mediaFormatByBytes?: boolean;
  document: boolean;
  /** Files of text go into the text: the type that their bytes show was refused. Learned for one request, not in the table. */
  textFilesAsText?: true;
  /** Cites documents, and takes search results as blocks. */
  cites?: boolean;
  video: boolean;
  audio: boolean;

  stopSequences: boolean;
  /** Stop sequences of white space alone are refused. */
  refusesBlankStop?: boolean;
  /** Sampling parameters the model refuses. */
  refusesSampling: boolean;
  /** temperature and top_p exclude each other. */
  temperatureXorTopP: boolean;
  /** Where top_k goes in additionalModelRequestFields; undefined: the model has none. */
  topK?: 'top_k' | 'inferenceConfig.topK' | 'k';

  reasoning: ReasoningStyle;
  /** A tool cannot be forced while the model thinks: whenever it does (true), or only with a thinking budget. */
  thinkingRefusesForcedTool?: boolean | 'budget';
  /** The beta that lets the model think between tool calls; later models do so by themselves. */
  interleavedThinkingBeta?: string;
  /**
   * Reasoning may be sent back in history: signed text and encrypted blocks (true), encrypted blocks alone, or what came
   * from OpenAI's Responses and goes there.
   */
  reasoningReplay: boolean | 'redacted' | 'responses';
  structuredOutput: 'native' | 'tool' | 'prompt';
  /**
   * Whose rules schemas must keep beyond being JSON Schema. Anthropic's: no composition at the root of a tool's, the
   * names of its properties there of `[a-zA-Z0-9_.-]`, and bounds for what a grammar branches on. OpenAI's: no
   * composition at the root either, and lists say what they hold. Nova's: nothing at the root of a tool's but type,
   * properties and required.
   */
  schemaRules?: 'anthropic' | 'openai' | 'nova' | undefined;
  /** undefined: cache points are refused. */
  caching?: {
    tools: boolean;
    ttl1h: boolean;
    afterToolResult: boolean;
    /** A shorter prefix is not cached. Nothing depends on it: a point too early does no harm. */
    minTokens?: number;
  };
  /** Takes `anthropic_beta` in additionalModelRequestFields. */
  anthropicBeta?: boolean;
  /** Service tiers a request may ask for; undefined: not known, so all are passed. */
  serviceTiers?: readonly string[];
  /** Set: the model speaks Anthropic's Messages itself, by InvokeModel. */
  messages?: MessagesTraits;
  /** Set: the model speaks OpenAI's Responses itself. A refusal may teach that it does not, here or for this account. */
  responses?: ResponsesTraits | undefined;
  /**
   * Set: the model speaks OpenAI's Chat Completions itself; whose rules it has there (`families/chat-dialects.ts`). A
   * refusal may teach that it does not.
   */
  chat?: ChatDialect | undefined;
  /** Members of a body of Chat Completions that it has refused. Learned, not in the table. */
  chatRefused?: readonly string[];
}

/** Whose rules a model has in Chat Completions on Bedrock's runtime. */
export type ChatDialect = 'gpt' | 'grok' | 'gpt-oss' | 'kimi' | 'open';

/** What a Claude takes of the Messages API where generations differ and no other trait says it. */
export interface MessagesTraits {
  /** The flags that it takes in `anthropic_beta`. Members of a body that need another one are not sent. */
  betas: readonly string[];
  /** Types of Anthropic's own tools that it has been taught. */
  typedTools: readonly string[];
  /** Takes `output_config.format`. */
  outputFormat?: true;
  /** Efforts that a model with thinking budgets takes, with the flag `effort-2025-11-24`. */
  effortsByBeta?: readonly string[] | undefined;
  /** Members of a body that it has refused, without the places in lists: `metadata`, `messages.content.tool_use.caller`. Learned, not in the table. */
  refused?: readonly string[];
  /** Refuses what Claude Code says for Anthropic's billing in a system prompt, be it alone there. Learned for one request, not in the table. */
  refusesBillingLine?: true;
  /** Send a flag for the sake of a member that needs it, and no other. Learned, not in the table. */
  onlyNeededBetas?: boolean;
}

/** What a model takes of the Responses API on Bedrock's runtime. */
export interface ResponsesTraits {
  /** Service tiers that it may be asked for there. */
  tiers: readonly string[];
  /**
   * Conversations of other APIs with tools and reasoning are translated to it: the model thinks between its calls there,
   * and what it thought comes back.
   */
  forOthers?: true;
  /** Reads files there (`input_file`), which by Converse it does not. */
  files?: true;
  /** What is encrypted is refused, reasoning and compactions: another model wrote it. Learned for one request, not in the table. */
  refusesReasoning?: true;
  /** Schemas that are to be kept strictly are refused. Learned for one request, not in the table. */
  refusesStrict?: true;
  /** Members of the body that it has refused. Learned, not in the table. */
  refused?: readonly string[];
}

export type ReasoningStyle =
  /** No reasoning to ask for. */
  | { kind: 'none' }
  /** Claude 3.7 to 4.5: `thinking: {type: enabled, budget_tokens}`. */
  | { kind: 'budget' }
  /** Claude 4.6 and later: `thinking: {type: adaptive}` with an effort. `budgetToo`: 4.6 takes both. */
  | {
      kind: 'adaptive';
      budgetToo: boolean;
      canDisable: boolean;
      /** The least thinking of a model that cannot be without: `{type: between_tools}`, at effort high or lower. */
      leastThinking?: 'between_tools';
      /** `{type: disabled}` is taken and changes nothing. */
      disableHasNoEffect?: true;
      /** The thinking comes without its text unless `display: summarized` is asked for. */
      textOnRequest?: true | undefined;
      onByDefault: boolean;
      maxEffort: 'high' | 'xhigh' | 'max';
      /** The efforts it takes, where they are not all up to `maxEffort`. */
      efforts?: readonly string[];
    }
  /** Nova 2: `reasoningConfig`. */
  | { kind: 'nova' }
  /** Open-weight models and GPT: one word. `values`: those it takes. */
  | {
      kind: 'effort';
      values: readonly string[];
      /** Where the word stands in additionalModelRequestFields; `reasoning_effort` unless said. */
      field?: 'reasoning_effort' | 'reasoning.effort';
      canDisable: boolean;
      /** Pass a `thinking` object as it is: the model is unknown and may be a Claude. */
      passThinking?: boolean;
    };
