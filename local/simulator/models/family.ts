/**
 * How a family of models behaves on Converse, as AWS's model pages, live probes and recordings tell it.
 * This is the simulator's own statement: it shares nothing with the gateway's table of models, so that a
 * mistake in either shows as a failing test.
 */
export interface Family {
  name: string;
  /** Of the foundation model's id, without a geography. */
  match: RegExp;
  /** Whose text an error carries, and how it is wrapped. */
  provider: 'anthropic' | 'nova' | 'openai' | 'open-weight' | 'classic';
  converse: boolean;
  contextTokens: number;
  maxOutputTokens: number;
  /** A million tokens of context with the beta `context-1m-2025-08-07`. */
  longContextBeta: boolean;

  system: boolean;
  /** Messages of role `system` between the turns. */
  midConversationSystem: boolean;
  assistantFirst: boolean;
  /** The conversation may end with the assistant. */
  prefill: boolean;
  stopSequences: boolean;

  /** `neutral`: nothing but temperature 1 and top_p of 0.99 or more. */
  sampling: 'free' | 'temperature-or-top-p' | 'neutral' | 'refused';
  /** Keys allowed at the top of additionalModelRequestFields. */
  additionalFields: readonly string[];
  thinking: Thinking;

  tools: 'refused' | 'not-in-streams' | 'accepted';
  systemTools: readonly string[];
  toolChoice: { any: boolean; tool: boolean };
  /** Takes a named tool without obeying it, and `any` without obeying that beside an effort. */
  disobeysChoice: boolean;
  /** A hyphen in a tool's name makes the model emit an invalid sequence. */
  hyphenBreaksTools: boolean;
  toolUseId?: RegExp;
  /** Tool results and other blocks may not share a turn. */
  toolResultsAlone: boolean;
  /** Tool calls and other blocks may not share a turn. */
  toolCallsAlone: boolean;
  toolResultStatus: boolean;
  /** A tool result may hold nothing. */
  emptyToolResults: boolean;
  toolResultMedia: { image: boolean; document: readonly string[] | 'any'; video: boolean };

  media: { image: boolean; document: boolean; video: boolean; audio: boolean };
  /** Images in one request. */
  maxImages: number;
  s3Media: boolean;
  /** Cites documents, and takes search results as blocks. */
  citations: boolean;

  /** undefined: cache points are refused. */
  caching?: {
    places: readonly ('tools' | 'system' | 'messages')[];
    ttl1h: boolean;
    minTokens: number;
    afterToolResult: boolean;
    afterDocument: boolean;
  };
  /** outputConfig.textFormat; `strict` on tools, too, unless `strictTools` is false. */
  structuredOutput: boolean;
  strictTools?: false;
  latencyOptimized: boolean;
  /** CountTokens. */
  countsTokens: boolean;
  /** What is asked and what may be answered must fit into the context together. */
  answerInContext: boolean;
}

export type Thinking =
  | { kind: 'none' }
  /** Reasons always, and takes no instruction about it. */
  | { kind: 'always' }
  | {
      kind: 'claude';
      enabled: boolean;
      adaptive: boolean;
      onByDefault: boolean;
      canDisable: boolean;
      /** `{type: between_tools}`, the least there is: with it the effort is high or lower. */
      betweenTools: boolean;
      /** false: a forced tool choice is refused whether it thinks or not. */
      forcedTools: boolean;
      efforts: readonly string[];
      /** Those it has with the flag `effort-2025-11-24` only. */
      effortsByBeta?: readonly string[];
      /** Newer models give the signature without the text. */
      signatureOnly: boolean;
    }
  | { kind: 'nova' }
  /** A plain string in `key`. `reasonsAt`: the values at which reasoning comes out; always when absent. */
  | { kind: 'effort'; key: string; values: readonly string[]; reasonsAt?: readonly string[] }
  /** `reasoning: {effort}`; the reasoning itself comes encrypted, and may be sent back so. */
  | { kind: 'encrypted'; values: readonly string[] };

const nothing = { image: false, document: false, video: false, audio: false };

/** What holds unless a family says otherwise. */
export const base: Omit<Family, 'name' | 'match'> = {
  provider: 'open-weight',
  converse: true,
  contextTokens: 128_000,
  maxOutputTokens: 8192,
  longContextBeta: false,
  system: true,
  midConversationSystem: false,
  assistantFirst: false,
  prefill: true,
  stopSequences: true,
  sampling: 'free',
  additionalFields: [],
  thinking: { kind: 'none' },
  tools: 'accepted',
  systemTools: [],
  toolChoice: { any: false, tool: false },
  disobeysChoice: false,
  hyphenBreaksTools: false,
  toolResultsAlone: false,
  toolCallsAlone: false,
  toolResultStatus: true,
  emptyToolResults: true,
  toolResultMedia: { image: false, document: [], video: false },
  media: nothing,
  maxImages: 20,
  s3Media: false,
  citations: false,
  structuredOutput: false,
  latencyOptimized: false,
  countsTokens: false,
  answerInContext: false,
};

export const images = { ...nothing, image: true };
export const documents = { ...nothing, document: true };
export const imagesAndDocuments = { ...nothing, image: true, document: true };
export const noMedia = nothing;
