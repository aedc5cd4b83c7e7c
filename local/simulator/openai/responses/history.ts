import { BedrockError, invalid } from '../../errors.ts';
import type { Call } from '../../operation.ts';
import { type Item, itemsIn, type ResponseBody } from './body.ts';
import { isThoughtOf } from './encrypted.ts';

export const noResponse = (id: string) =>
  new BedrockError('ResourceNotFoundException', `Response with id '${id}' not found.`);

/**
 * The whole conversation: what a stored response knows of it, then the input, with references resolved. Throws
 * BedrockError for what is not stored, for thoughts that are not the model's, and for calls without results.
 */
export function historyOf(body: ResponseBody, call: Call): Item[] {
  const { region, world } = call;
  const { previous_response_id: previousId } = body;
  const previous = previousId ? world.responses.get(previousId, region, world.now()) : undefined;
  if (previousId && !previous) throw noResponse(previousId);
  const items = [...(previous?.items ?? []), ...resolved(itemsIn(body), call)];
  checkIds(items);
  checkThoughts(items, call);
  checkCalls(items);
  return items;
}

/** References, and thoughts that are nothing but their id. */
const isReference = ({ type, encrypted_content: sealed, content }: Item) =>
  type === 'item_reference' || (type === 'reasoning' && typeof sealed !== 'string' && !content?.length);

function resolved(items: readonly Item[], { region, world }: Call): readonly Item[] {
  if (!items.some(isReference)) return items;
  const stored = world.responses.itemsOf(region, world.now());
  return items.map((item) => {
    if (!isReference(item)) return item;
    const found = stored.get(item.id ?? '');
    if (!found)
      throw new BedrockError(
        'ResourceNotFoundException',
        `Item with id '${item.id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
      );
    return found;
  });
}

function checkIds(items: readonly Item[]): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (!id) continue;
    if (seen.has(id))
      throw invalid(
        `Duplicate item found with id ${id}. Remove duplicate items from your input and try again.`,
      );
    seen.add(id);
  }
}

function checkThoughts(items: readonly Item[], { model }: Call): void {
  for (const { type, id, encrypted_content: sealed } of items) {
    const opaque = type === 'reasoning' || type === 'compaction';
    if (opaque && typeof sealed === 'string' && !isThoughtOf(sealed, model.id))
      throw invalid(
        `The encrypted content for item ${id ?? type} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`,
      );
  }
}

/** Calls, and what answers them, as refusals name them. */
const calls: Readonly<Record<string, string>> = {
  function_call: 'function call',
  custom_tool_call: 'custom tool call',
  apply_patch_call: 'apply patch call',
  computer_call: 'computer call',
  tool_search_call: 'tool search call',
};
const results: Readonly<Record<string, string>> = {
  function_call_output: 'function call',
  custom_tool_call_output: 'custom tool call',
  apply_patch_call_output: 'apply patch call',
  computer_call_output: 'computer call',
  tool_search_output: 'tool search call',
};

/** Every call has its result somewhere behind it, and every result its call before it. */
function checkCalls(items: readonly Item[]): void {
  const open = new Map<string, string>();
  for (const { type, call_id: id, name } of items) {
    const call = calls[type ?? ''];
    const answered = results[type ?? ''];
    if (call && id) open.set(id, call);
    // A result may name the tool instead, and a search may have been the server's own.
    if (!answered || (!id && (name || type === 'tool_search_output'))) continue;
    if (!open.delete(id ?? ''))
      throw invalid(`No tool call found for ${answered} output with call_id ${id ?? null}.`);
  }
  for (const [id, kind] of open) throw invalid(`No tool output found for ${kind} ${id}.`);
}
