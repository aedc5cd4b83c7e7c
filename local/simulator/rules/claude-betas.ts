import { askedBetas } from './claude-asks.ts';
import { anthropic, type Rule } from './rule.ts';

/** A flag of `anthropic_beta` and the models that take it. */
export interface Beta {
  flag: string;
  /** Of the foundation model's id. */
  models: RegExp;
  /** InvokeModel does not know it. */
  on?: 'converse';
  /** What the flag brings, as the documentation says it. */
  brings: string;
}

const claude = (names: string): RegExp => new RegExp(`^anthropic\\.claude-(?:${names})`);

/** Opus 4.8 and all of generation 5. */
const newest = 'opus-4-8|(?:sonnet|opus|haiku)-5|fable-|mythos-';
const toolChanges = 'opus-4-8|opus-5|fable-|mythos-';

/**
 * The flags that Bedrock takes: AWS, "Anthropic Claude Messages API"; what Claude Code sends in its Bedrock mode; the
 * refusals of Opus 4.7 (anthropics/claude-code#49370). Any other is refused, and on InvokeModel a flag that only
 * another model takes. Which model takes which on Converse has not been measured: there, a flag must be one of these.
 */
export const betas: readonly Beta[] = [
  {
    flag: 'interleaved-thinking-2025-05-14',
    models: claude(`(?:sonnet|opus)-4|${newest}`),
    brings: 'thinking between tool calls',
  },
  {
    flag: 'context-1m-2025-08-07',
    models: claude('sonnet-4-2025|sonnet-4-5|(?:sonnet|opus)-4-6'),
    brings: 'a context of a million tokens',
  },
  {
    flag: 'tool-search-tool-2025-10-19',
    models: claude(`(?:sonnet|haiku|opus)-4-5|(?:sonnet|opus)-4-6|${newest}`),
    brings: '`defer_loading`, `tool_reference`, `tool_search_tool_*`',
  },
  { flag: 'tool-examples-2025-10-29', models: claude('opus-4-5'), brings: '`input_examples`' },
  { flag: 'effort-2025-11-24', models: claude('opus-4-5'), brings: '`output_config.effort`' },
  {
    flag: 'context-management-2025-06-27',
    models: claude('(?:sonnet|opus)-4-2025|opus-4-1|(?:sonnet|haiku|opus)-4-5'),
    brings: '`context_management`, `memory_20250818`',
  },
  {
    flag: 'compact-2026-01-12',
    models: claude('(?:sonnet|opus)-4-6'),
    brings: '`context_management` with `compact_20260112`',
  },
  { flag: 'compact-2026-09-04', models: claude('(?:opus|haiku)-5-5'), brings: '`compaction`' },
  {
    flag: 'computer-use-2024-10-22',
    models: claude('3-5-sonnet-20241022'),
    brings: '`computer_`, `bash_`, `text_editor_20241022`',
  },
  {
    flag: 'computer-use-2025-01-24',
    models: claude('3-7|(?:sonnet|opus)-4-2025|opus-4-1|(?:sonnet|haiku)-4-5'),
    brings: '`computer_20250124`',
  },
  {
    flag: 'computer-use-2025-11-24',
    models: claude(`opus-4-5|(?:sonnet|opus)-4-6|${newest}`),
    brings: '`computer_20251124`',
  },
  {
    flag: 'fine-grained-tool-streaming-2025-05-14',
    models: claude('(?:sonnet|opus)-4-2025|(?:sonnet|haiku)-4-5'),
    brings: '`eager_input_streaming`',
  },
  {
    flag: 'mid-conversation-tool-changes-2026-07-01',
    models: claude(toolChanges),
    brings: '`tool_addition`, `tool_removal`',
  },
  {
    flag: 'inline-tools-2026-09-15',
    models: claude(`${toolChanges}|haiku-5-5`),
    brings: '`tool_addition`, `tool_removal`, and `tool_definition` in the former',
  },
  {
    flag: 'mid-conversation-output-config-2026-07-01',
    models: claude('(?:fable|mythos)-5-'),
    brings: '`output_config` of a message',
  },
  {
    flag: 'per-turn-control-2026-07-01',
    models: claude('(?:fable|mythos)-5-'),
    brings: '`output_config` of a message',
  },
  {
    flag: 'thinking-binding-controls-2026-08-01',
    models: claude(newest),
    brings: '`thinking.block_binding`',
  },
  {
    flag: 'thinking-display-updates-2026-08-18',
    models: claude(newest),
    brings: '`thinking.display: updates`',
  },
  {
    flag: 'thinking-token-count-2026-05-13',
    models: claude('(?:sonnet|opus|haiku)-5|fable-|mythos-'),
    brings: '`usage.output_tokens_details`',
  },
  {
    flag: 'token-efficient-tools-2025-02-19',
    models: claude('3-7|(?:sonnet|opus)-4-2025'),
    brings: 'shorter calls',
  },
  { flag: 'output-128k-2025-02-19', models: claude('3-7'), brings: 'answers of 128,000 tokens' },
  {
    flag: 'claude-code-20250219',
    models: claude('3-[57]|(?:sonnet|opus)-4-(?:2025|1|5|6)|haiku-4-5'),
    brings: 'nothing that shows',
  },
  {
    flag: 'structured-outputs-2025-11-13',
    models: claude(`(?:sonnet|haiku|opus)-4-5|(?:sonnet|opus)-4-6|${newest}`),
    on: 'converse',
    brings: 'nothing that shows; on Converse only',
  },
];

const byFlag = new Map(betas.map((beta) => [beta.flag, beta]));

/** Whether a flag is taken: on InvokeModel by this model, on Converse by any. */
export function takesBeta(flag: string, modelId: string, api: 'invoke' | 'converse'): boolean {
  const beta = byFlag.get(flag);
  if (!beta || api === 'converse') return beta !== undefined;
  return beta.on !== 'converse' && beta.models.test(modelId);
}

/** Betas of a request. */
export const claudeBetaRules: Rule[] = [
  {
    name: 'beta flags',
    binds: anthropic,
    from: 'provider',
    breach(request, { model, invoke }) {
      const api = invoke ? 'invoke' : 'converse';
      return askedBetas(request).every((flag) => takesBeta(flag, model.id, api))
        ? undefined
        : 'invalid beta flag';
    },
  },
];
