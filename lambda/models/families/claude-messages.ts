import type { MessagesTraits } from '../capabilities.ts';

/**
 * Claude in its own API, by InvokeModel: which flags and which of Anthropic's tools each generation takes there. One
 * flag that a model does not know costs the whole request ("invalid beta flag"), so a row holds those with evidence
 * and no others. Sources: AWS, "Anthropic Claude Messages API" and the pages below it (tool use, tool search,
 * compaction); what Claude Code 2.1.332 sends in its Bedrock mode; BerriAI/litellm 1.110.2; the refusals in
 * anthropics/claude-code#49370.
 */

const interleaved = 'interleaved-thinking-2025-05-14';
const longContext = 'context-1m-2025-08-07';
const toolSearch = 'tool-search-tool-2025-10-19';
const contextManagement = 'context-management-2025-06-27';
const tokenCount = 'thinking-token-count-2026-05-13';
const fineGrained = 'fine-grained-tool-streaming-2025-05-14';
const shortCalls = 'token-efficient-tools-2025-02-19';
const bindingControls = 'thinking-binding-controls-2026-08-01';
const displayUpdates = 'thinking-display-updates-2026-08-18';
const toolChanges = 'mid-conversation-tool-changes-2026-07-01';
const inlineTools = 'inline-tools-2026-09-15';
const compact = 'compact-2026-09-04';
const screen2025a = 'computer-use-2025-01-24';
const screen2025b = 'computer-use-2025-11-24';

const searchTools = [
  'tool_search_tool_regex',
  'tool_search_tool_regex_20251119',
  'tool_search_tool_bm25',
  'tool_search_tool_bm25_20251119',
];
const shell = ['bash_20250124'];
const editors37 = ['text_editor_20250124'];
const editors4 = [...editors37, 'text_editor_20250429', 'text_editor_20250728'];

const haiku35: MessagesTraits = { betas: [], typedTools: [] };
/** Anthropic, "Search results": from 3.5 Haiku on. */
const three: MessagesTraits = { ...haiku35, searchResults: false };

const four: MessagesTraits = {
  betas: [interleaved, contextManagement, screen2025a],
  typedTools: [...shell, ...editors4, 'computer_20250124', 'memory_20250818'],
};

const fourFive: MessagesTraits = {
  betas: [interleaved, toolSearch, contextManagement, screen2025a, fineGrained],
  typedTools: [...four.typedTools, ...searchTools],
  outputFormat: true,
};

const fourSix: MessagesTraits = {
  betas: [interleaved, longContext, toolSearch, 'compact-2026-01-12', screen2025b],
  typedTools: [...shell, ...editors4, 'computer_20251124', ...searchTools],
  outputFormat: true,
};

const withFlags = (traits: MessagesTraits, ...betas: string[]): MessagesTraits => ({
  ...traits,
  betas: [...traits.betas, ...betas],
});

/** The flag for tool search has been refused here (anthropics/claude-code#49370). */
const fourSeven: MessagesTraits = {
  betas: [interleaved],
  typedTools: [...shell, ...editors4],
};

const fourEight: MessagesTraits = {
  betas: [interleaved, toolSearch, screen2025b, bindingControls, displayUpdates],
  typedTools: fourSix.typedTools,
};
const five = withFlags(fourEight, tokenCount);
const changing = withFlags(five, toolChanges, inlineTools);

const withToolsets = (traits: MessagesTraits): MessagesTraits => ({
  ...traits,
  typedTools: [...traits.typedTools, 'computer_toolset_20260801', 'browser_toolset_20260801'],
});

/** By generation, as `claude-budget.ts` and `claude-adaptive.ts` name them. */
export const claudeMessages = {
  three,
  haiku35,
  sonnet35v2: {
    betas: ['computer-use-2024-10-22'],
    typedTools: ['bash_20241022', 'text_editor_20241022', 'computer_20241022'],
  },
  sonnet37: {
    betas: [screen2025a, shortCalls, 'output-128k-2025-02-19'],
    typedTools: [...shell, ...editors37, 'computer_20250124'],
  },
  sonnet4: withFlags(four, longContext, fineGrained, shortCalls),
  opus4: withFlags(four, fineGrained, shortCalls),
  opus41: four,
  sonnet45: withFlags(fourFive, longContext),
  // Claude Code leaves the flag for interleaved thinking out here.
  haiku45: { ...fourFive, betas: fourFive.betas.filter((flag) => flag !== interleaved) },
  opus45: {
    betas: [
      interleaved,
      toolSearch,
      contextManagement,
      screen2025b,
      'tool-examples-2025-10-29',
      'effort-2025-11-24',
    ],
    typedTools: [...shell, ...editors4, 'computer_20251124', 'memory_20250818', ...searchTools],
    outputFormat: true,
    effortsByBeta: ['low', 'medium', 'high'],
  },
  fourSix,
  fourSeven,
  opus48: withFlags(fourEight, toolChanges, inlineTools),
  sonnet5: five,
  opus5: changing,
  opus55: withToolsets(withFlags(changing, compact)),
  sonnet55: withToolsets(five),
  haiku55: withFlags(five, inlineTools, compact),
  fable5: changing,
  fable51: withFlags(changing, 'mid-conversation-output-config-2026-07-01', 'per-turn-control-2026-07-01'),
  /** What Claude Code sends in its Bedrock mode for a model that it does not know. */
  newer: {
    betas: [interleaved, toolSearch, tokenCount],
    typedTools: [...shell, ...editors4, ...searchTools],
  },
} satisfies Record<string, MessagesTraits>;
