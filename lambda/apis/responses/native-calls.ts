import { list, text } from '../../canonical/json.ts';
import { signatureOfResponses } from '../../canonical/reasoning.ts';
import type { Json, JsonObject, ReasoningBlock, TextBlock } from '../../canonical/types.ts';
import type { Rendering } from './rendering.ts';
import { type CarriedItem, sealCallId } from './sealed.ts';

/** A search of OpenAI's own has no id of a call. */
const calls: ReadonlySet<Json | undefined> = new Set([
  'function_call',
  'custom_tool_call',
  'apply_patch_call',
  'tool_search_call',
]);

/**
 * Calls of a model that spoke Responses, for clients that refer to items instead of sending them: nothing is stored, so a
 * call's id carries what came before it, as in every other answer (output.ts). For other clients items stay as they are.
 */
export class CarryingCalls {
  readonly #model: string;
  readonly #rendering: Pick<Rendering, 'references' | 'stateKey'>;
  #carried: CarriedItem[] = [];
  /** By the ids that the model gave. */
  readonly #sealed = new Map<string, string>();

  /** `model`: whose the items are, as the client knows it. */
  constructor(model: string, rendering: Pick<Rendering, 'references' | 'stateKey'>) {
    this.#model = model;
    this.#rendering = rendering;
  }

  /** An item as the client gets it, when it begins or where it is repeated. */
  rendered(item: JsonObject): JsonObject {
    const { type, call_id: id } = item;
    if (!this.#rendering.references || !calls.has(type) || typeof id !== 'string') return item;
    return { ...item, call_id: this.#sealedId(id) };
  }

  /** The same when it is whole. */
  finished(item: JsonObject): JsonObject {
    const block = this.#rendering.references ? blockOf(item) : undefined;
    if (block && typeof item.id === 'string') this.#carried.push({ id: item.id, block });
    return this.rendered(item);
  }

  #sealedId(id: string): string {
    const known = this.#sealed.get(id);
    if (known !== undefined) return known;
    const sealed = sealCallId(id, this.#carried, this.#model, this.#rendering.stateKey);
    this.#carried = [];
    this.#sealed.set(id, sealed);
    return sealed;
  }
}

function blockOf({ type, content, summary, encrypted_content: encrypted }: JsonObject) {
  const said = list(type === 'message' ? content : summary)
    .map((part) => text(part.text) ?? '')
    .join('');
  if (type === 'message') return { text: said } satisfies TextBlock;
  if (type !== 'reasoning' || typeof encrypted !== 'string') return undefined;
  const signature = signatureOfResponses.write(encrypted);
  return { reasoningContent: { reasoningText: { text: said, signature } } } satisfies ReasoningBlock;
}
