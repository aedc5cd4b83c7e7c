/** The special tokens between which a model writes its calls. All begin with `<`, and none holds another. */
export interface CallTokens {
  /** Before a call's name. */
  begin: string;
  /** Between its name and its input. */
  input: string;
  end: string;
  /** Around all calls. */
  around: readonly string[];
}

/** What may stand in what a model says and is to be taken out of it. */
export interface Markup {
  /** Thinking between tags, at the start of a text. */
  tags: boolean;
  calls?: CallTokens;
}

/** Kimi writes the section in singular as well (vLLM's parser knows both). */
export const kimiTokens: CallTokens = {
  begin: '<|tool_call_begin|>',
  input: '<|tool_call_argument_begin|>',
  end: '<|tool_call_end|>',
  around: [
    '<|tool_calls_section_begin|>',
    '<|tool_calls_section_end|>',
    '<|tool_call_section_begin|>',
    '<|tool_call_section_end|>',
  ],
};

/** Of the chat template of DeepSeek V3.1; its bars are U+FF5C, its spaces U+2581. */
export const deepseekTokens: CallTokens = {
  begin: '<｜tool▁call▁begin｜>',
  input: '<｜tool▁sep｜>',
  end: '<｜tool▁call▁end｜>',
  around: ['<｜tool▁calls▁begin｜>', '<｜tool▁calls▁end｜>'],
};
