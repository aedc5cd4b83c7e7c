import type { ContentBlock, ConverseAnswer, ConverseEvent } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import type { Restore } from '../types.ts';
import { Aliases, fingerprint } from './renaming.ts';

const maxLength = 64;

/**
 * Converse takes 1 to 64 of `[a-zA-Z0-9_-]`, in tools and in the history alike. Nova fails on a hyphen:
 * "Model produced invalid sequence as part of ToolUse" (lastmile-ai/mcp-agent#126).
 */
export function toolNames(names: readonly string[], { hyphenInToolNames }: Capabilities): Aliases {
  const legal = hyphenInToolNames ? /^[a-zA-Z0-9_-]{1,64}$/ : /^[a-zA-Z0-9_]{1,64}$/;
  const illegal = hyphenInToolNames ? /[^a-zA-Z0-9_-]/g : /[^a-zA-Z0-9_]/g;
  return new Aliases(
    names,
    (name) => legal.test(name),
    (name, attempt) => {
      const clean = name.replace(illegal, '_') || 'tool';
      if (attempt === 0 && clean.length <= maxLength) return clean;
      const mark = `_${fingerprint(`${attempt} ${name}`, 8)}`;
      return clean.slice(0, maxLength - mark.length) + mark;
    },
  );
}

/** Gives the tools in an answer the names that the client knows. */
export const restoreToolNames = (names: Aliases): Restore => renameCalls((name) => names.back(name));

/** Gives the tools that an answer calls the names that `rename` makes of theirs. */
export function renameCalls(rename: (name: string) => string): Restore {
  return {
    answer: (answer) => renamedAnswer(answer, rename),
    events: () => (batch) => batch.map((event) => renamedEvent(event, rename)),
  };
}

function renamedAnswer(answer: ConverseAnswer, rename: (name: string) => string): ConverseAnswer {
  const content = answer.output.message.content.map(
    (block): ContentBlock =>
      'toolUse' in block ? { toolUse: { ...block.toolUse, name: rename(block.toolUse.name) } } : block,
  );
  return { ...answer, output: { message: { role: 'assistant', content } } };
}

function renamedEvent(event: ConverseEvent, rename: (name: string) => string): ConverseEvent {
  if (!('contentBlockStart' in event)) return event;
  const { contentBlockIndex, start } = event.contentBlockStart;
  if (!start.toolUse) return event;
  const toolUse = { ...start.toolUse, name: rename(start.toolUse.name) };
  return { contentBlockStart: { contentBlockIndex, start: { ...start, toolUse } } };
}
