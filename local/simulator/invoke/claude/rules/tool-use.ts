import type { ToolResult } from '../body.ts';
import { type BodyRule, mergedTurns, type PlacedBlock, placedBlocks } from './body-rule.ts';

const callIds = (blocks: readonly PlacedBlock[] = []): string[] =>
  blocks.flatMap(({ block }) => (block.type === 'tool_use' ? [block.id] : []));

type PlacedResult = PlacedBlock & { block: ToolResult };

const isResult = (placed: PlacedBlock): placed is PlacedResult => placed.block.type === 'tool_result';

/** The results a turn begins with: those behind other blocks are none (Anthropic, "Handle tool calls"). */
function leadingResults(blocks: readonly PlacedBlock[] = []): PlacedResult[] {
  const end = blocks.findIndex((placed) => !isResult(placed));
  return blocks.slice(0, end < 0 ? undefined : end).filter(isResult);
}

/** Calls of tools and their results. */
export const toolUseRules: BodyRule[] = [
  {
    // Measured: `auto` and `none` pass without tools.
    name: 'a forced choice has tools to choose from',
    breach: ({ tools = [], tool_choice }) =>
      tools.length === 0 && tool_choice?.type === 'any'
        ? 'tool_choice.any may only be specified while providing tools'
        : undefined,
  },
  {
    name: 'a history with tools has tools',
    breach: (body) =>
      !body.tools?.length &&
      placedBlocks(body).some(({ block }) => block.type === 'tool_use' || block.type === 'tool_result')
        ? 'Requests which include `tool_use` or `tool_result` blocks must define tools.'
        : undefined,
  },
  {
    name: 'every call is answered at once',
    breach(body) {
      const turns = mergedTurns(body);
      for (const [i, { role, blocks, at }] of turns.entries()) {
        if (role !== 'assistant') continue;
        const answered = new Set(leadingResults(turns[i + 1]?.blocks).map(({ block }) => block.tool_use_id));
        const open = callIds(blocks).filter((id) => !answered.has(id));
        if (open.length > 0) {
          return `messages.${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
        }
      }
      return undefined;
    },
  },
  {
    name: 'every result has its call',
    breach(body) {
      const turns = mergedTurns(body);
      for (const [i, { blocks }] of turns.entries()) {
        const called = new Set(callIds(turns[i - 1]?.blocks));
        const odd = blocks.filter(isResult).find(({ block }) => !called.has(block.tool_use_id));
        if (odd) {
          return `${odd.at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${odd.block.tool_use_id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
        }
      }
      return undefined;
    },
  },
  {
    name: 'a call has one result',
    breach(body) {
      for (const { blocks } of mergedTurns(body)) {
        const seen = new Set<string>();
        for (const { block, at } of blocks.filter(isResult)) {
          if (seen.has(block.tool_use_id))
            return `${at}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${block.tool_use_id}`;
          seen.add(block.tool_use_id);
        }
      }
      return undefined;
    },
  },
  {
    name: 'an error says what it is',
    breach(body) {
      const empty = placedBlocks(body).find(
        ({ block }) => block.type === 'tool_result' && block.is_error && !block.content?.length,
      );
      return empty && `${empty.at}.tool_result: content cannot be empty if \`is_error\` is true`;
    },
  },
];
