import { isObject } from '../../canonical/json.ts';
import type { NativeRequest } from '../../canonical/native.ts';
import { toolChanges } from '../../canonical/tool-changes.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { currentDraft } from '../schema/current-draft.ts';
import { fitsGrammar } from '../schema/grammar.ts';
import { argumentsSchema } from '../tools/arguments-schema.ts';
import { type Block, blocksIn, blocksOf, type Claude, objectAt, type Turn } from './draft.ts';
import { formatOf } from './output-format.ts';
import { isCustom, legalId, legalName, nameOf } from './tool-names.ts';

/**
 * Whether a request asks for something that only Converse carries, with what the gateway makes of answers on the way back:
 *
 * - a format of the answer that the model has no grammar for: it becomes a tool's, or an instruction, and back;
 * - tools whose names or arguments the model knows under others: they are renamed, and back;
 * - calls without results and results without calls, as truncated histories have them: Bedrock refuses the conversation,
 *   and the turns are repaired there;
 * - files of other formats than PDF and plain text, which Converse alone reads.
 */
export function needsConverse({ body }: Pick<NativeRequest, 'body'>, capabilities: Claude): boolean {
  const turns = turnsIn(body);
  return (
    needsEmulatedFormat(formatOf({ body }), capabilities) ||
    [...blocksIn(body.tools), ...definedIn(turns)].some((tool) => needsWayBack(tool, capabilities)) ||
    hasOddCalls(turns) ||
    turns.some(({ content }) => blocksOf(content).some(isForeignFile))
  );
}

/** The tools that the conversation itself defines. */
const definedIn = (turns: readonly Turn[]): Block[] =>
  [...toolChanges(turns).definitions.values()] as JsonObject[];

/** The messages, as far as they are some; those that are in order are the client's own. */
export function turnsIn({ messages }: JsonObject): Turn[] {
  return blocksIn(messages).flatMap((turn): Turn[] => {
    const { role, content, output_config: orders } = turn;
    if (typeof role !== 'string') return [];
    const isContent = typeof content === 'string' || (Array.isArray(content) && content.every(isObject));
    if (isContent && (orders === undefined || isObject(orders))) return [turn as unknown as Turn];
    const { output_config: _, ...rest } = turn;
    const kept = typeof content === 'string' ? content : blocksIn(content);
    return [
      { ...rest, role, content: kept, ...(isObject(orders) && { output_config: orders as JsonObject }) },
    ];
  });
}

function needsEmulatedFormat(format: JsonObject | undefined, capabilities: Claude): boolean {
  if (!format) return false;
  if (capabilities.structuredOutput !== 'native' || !capabilities.messages.outputFormat) return true;
  const schema = objectAt(format.schema);
  return schema !== undefined && !fitsGrammar(currentDraft(schema).schema, capabilities);
}

function needsWayBack(tool: Block, capabilities: Claude): boolean {
  const schema = objectAt(tool.input_schema);
  if (!isCustom(tool) || !schema) return false;
  if (!legalName.test(nameOf(tool) ?? '')) return true;
  const { keys, wrapped } = argumentsSchema(schema, capabilities);
  return keys !== undefined || wrapped === true;
}

/** Each turn's calls must be those that the next one has results for. */
function hasOddCalls(turns: readonly Turn[]): boolean {
  const used = new Set<string>();
  const open = new Set<unknown>();
  for (const [i, { role, content }] of turns.entries()) {
    if (role === 'system') continue;
    const blocks = blocksOf(content);
    if (role === 'assistant') {
      if (open.size > 0 && turns[i - 1]?.role !== 'assistant') return true;
      for (const block of blocks) {
        if (block.type !== 'tool_use') continue;
        const { id } = block;
        if (typeof id !== 'string' || used.has(id) || !isSound(block)) return true;
        used.add(id);
        open.add(id);
      }
      continue;
    }
    for (const { type, tool_use_id: id } of blocks)
      if (type === 'tool_result' && !open.delete(id)) return true;
    if (blocks.some(({ type }) => type === 'tool_result') && open.size > 0 && turns[i + 1]?.role !== 'user')
      return true;
  }
  return open.size > 0;
}

const isSound = (call: Block): boolean =>
  legalId.test(String(call.id)) && legalName.test(nameOf(call) ?? '') && objectAt(call.input) !== undefined;

function isForeignFile({ type, source, content }: Block): boolean {
  if (type === 'tool_result') return blocksIn(content).some(isForeignFile);
  const { type: how, media_type } = objectAt(source) ?? {};
  return type === 'document' && how === 'base64' && media_type !== 'application/pdf';
}
