import type { ByteBudget } from '../../bounds.ts';
import { textKey } from '../../canonical/text-key.ts';
import type { ContentBlock, ReasoningBlock, TextBlock } from '../../canonical/types.ts';
import { GatewayError } from '../../errors.ts';
import { written } from '../../fields.ts';
import type { OpenedCallId } from './sealed.ts';

/** A place in the turn whose blocks are known later, or never. */
interface Place {
  blocks: ContentBlock[];
  /** What the item called itself, at most as long as ids of the gateway's are. */
  id: string | undefined;
}

/** An item of reasoning without a state that opens. */
interface Unproven extends Place {
  /** What the client shows of it. */
  summary: string;
  /** It had a state, which did not open. */
  foreign: boolean;
}

/** A reference to a text that the client did not send. */
interface Missing extends Place {
  path: string;
}

/** What of a turn the client's own items could not say. */
export interface TurnLosses {
  /** Items of reasoning whose state did not open. */
  reasoning: number;
  /** Calls whose ids carried reasoning once and do not any more. */
  calls: number;
}

/**
 * What the model said in one turn, put together from the items that a client sends back of it. Reasoning comes, in this
 * order of trust, from `encrypted_content` and from what the next call's id carries, which also has the texts that a
 * client refers to instead of sending them. Summaries alone are no reasoning: no model can verify them.
 */
export class AssistantTurn {
  readonly losses: TurnLosses = { reasoning: 0, calls: 0 };
  readonly #bytes: ByteBudget;
  readonly #stores: boolean;
  readonly #places: Place[] = [];
  /** Since the last call. */
  #unproven: Unproven[] = [];
  #missing: Missing[] = [];
  /** Signatures of what has its place. */
  readonly #placed = new Set<string>();
  #lostCalls = 0;
  /** The index of the first place after the last call. */
  #sinceCall = 0;

  /** `stores`: answers are stored, so that references may lead to something. */
  constructor(bytes: ByteBudget, stores = false) {
    this.#bytes = bytes;
    this.#stores = stores;
  }

  addContent(blocks: ContentBlock[]): void {
    this.#places.push({ blocks, id: undefined });
  }

  /** Reasoning whose state has been opened. */
  addReasoning(blocks: readonly ReasoningBlock[]): void {
    this.#places.push({ blocks: this.#fresh(blocks), id: undefined });
  }

  /** An item of reasoning, or a reference to one, that has no state which opens. */
  addUnproven(id: string | undefined, summary = '', foreign = false): void {
    const place = { blocks: [], id, summary, foreign };
    this.#places.push(place);
    this.#unproven.push(place);
  }

  /** A reference to a text. `path`: of the reference, for the error when nothing has it. */
  addReference(id: string, path: string): void {
    const place = { blocks: [], id, path };
    this.#places.push(place);
    this.#missing.push(place);
  }

  /** A call, and what its id carries. Throws a 404 for a reference before it to what nothing has. */
  addCall(blocks: ContentBlock[], { items, lost }: OpenedCallId): void {
    if (items.length > 0) this.#restore(items);
    if (lost) this.#lostCalls += 1;
    this.#places.push({ blocks, id: undefined });
    this.#settle();
  }

  /** The blocks of the turn. Throws a 404 for a reference to what nothing has. */
  end(): ContentBlock[] {
    this.#settle();
    const restored = this.#placed.size > 0;
    if (!restored) this.losses.calls += this.#lostCalls;
    const blocks: ContentBlock[] = [];
    for (const place of this.#places) {
      for (const block of place.blocks) if (!restored || !isThought(block)) blocks.push(block);
    }
    return blocks;
  }

  #restore(items: OpenedCallId['items']): void {
    const texts = items.filter((item): item is Carried<TextBlock> => 'text' in item.block);
    const reasoning = items.filter((item): item is Carried<ReasoningBlock> => !('text' in item.block));
    this.#fillReferences(texts);
    const fresh = reasoning.filter(({ block }) => !this.#placed.has(keyOf(block)));
    const byId = new Map(this.#unproven.map((place) => [place.id, place]));
    // Where as many items stand in the turn as the call carries, each is at its place; ids may have been dropped.
    const inOrder = this.#unproven.length === fresh.length;
    const [only] = fresh.length === 1 ? this.#unproven.filter(({ summary }) => summary !== '') : [];
    const apart: ContentBlock[] = [];
    fresh.forEach(({ id, block }, i) => {
      const place =
        (id === undefined ? undefined : byId.get(id)) ?? (inOrder ? this.#unproven[i] : undefined);
      const blocks = this.#fresh([this.#completed(block, (place ?? only)?.summary ?? '')]);
      for (const each of blocks) (place?.blocks ?? apart).push(each);
    });
    if (apart.length === 0) return;
    // Reasoning that the client sent nothing of stands before what it led to: at the beginning, or after the last call.
    this.#places.splice(this.#sinceCall, 0, { blocks: apart, id: undefined });
  }

  #fillReferences(texts: readonly Carried<TextBlock>[]): void {
    const byId = new Map(texts.map(({ id, block }) => [id, block]));
    this.#missing = this.#missing.filter((place) => {
      const found = byId.get(place.id);
      if (!found) return true;
      this.#bytes.spend(found.text.length, place.path);
      place.blocks.push(found);
      return false;
    });
  }

  /** A carried block that had no room for its text gets it from what the client shows. */
  #completed(block: ReasoningBlock, summary: string): ReasoningBlock {
    const { reasoningText } = block.reasoningContent;
    if (reasoningText?.text !== '' || summary === '') return block;
    this.#bytes.spend(summary.length);
    return { reasoningContent: { reasoningText: { ...reasoningText, text: summary } } };
  }

  /** Each block once: what cannot be verified is of no use to any model. */
  #fresh(blocks: readonly ReasoningBlock[]): ReasoningBlock[] {
    return blocks.filter((block) => {
      const key = keyOf(block);
      if (key === '' || this.#placed.has(key)) return false;
      this.#placed.add(key);
      return true;
    });
  }

  /** Ends what led to a call: what its id does not carry, no later one does. */
  #settle(): void {
    const [missing] = this.#missing;
    if (missing) throw notFound(missing.id ?? '', missing.path, this.#stores);
    for (const { blocks, foreign } of this.#unproven) {
      if (foreign && blocks.length === 0) this.losses.reasoning += 1;
    }
    this.#unproven = [];
    this.#sinceCall = this.#places.length;
  }
}

type Carried<Block> = { id?: string; block: Block };

const keyOf = ({ reasoningContent: { reasoningText, redactedContent } }: ReasoningBlock): string =>
  textKey(reasoningText?.signature ?? redactedContent ?? '');

/** pydantic-ai shows a model its thoughts as text, where it does not know that the model has them already. */
function isThought(block: ContentBlock): boolean {
  if (!('text' in block)) return false;
  const text = block.text.trim();
  return text.startsWith('<think>') && text.endsWith('</think>');
}

function notFound(id: string, path: string, stores: boolean): GatewayError {
  const why = stores
    ? 'what it was in was not stored, has been deleted or is too old'
    : 'this gateway stores no items';
  return new GatewayError({
    status: 404,
    reason: 'bad_request',
    param: written('input'),
    message: `Item with id '${id.slice(0, 100)}' not found. ${path} refers to it, and ${why}: send the item itself, as clients do with \`store: false\`.`,
  });
}
