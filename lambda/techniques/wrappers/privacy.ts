import { promptText } from '../../canonical/prompt-text.ts';
import type { CanonicalRequest } from '../../canonical/request.ts';
import type {
  ContentBlock,
  ConverseAnswer,
  ConverseEvent,
  Delta,
  Json,
  Message,
  SystemBlock,
} from '../../canonical/types.ts';
import type { Technique } from '../load.ts';
import type { Named } from '../reading/named-data.ts';
import type { InnerCall, Wrapper } from '../types.ts';
import { Placeholders } from './placeholders.ts';

const keep =
  'Texts such as <EMAIL_0> or <PHONE_1> stand for data that you need not know. Use them exactly as they are wherever you speak of it.';

/** No call of what follows sees personal data, and no answer lacks it. What stands for what is known to this request alone. */
export const technique: Technique = {
  kind: 'wrapper',
  run: async ({ messages, system }, _, calls) => {
    const { wants, services } = calls;
    const conversation = promptText({ messages: [...messages], system: [...system] });
    const placeholders = new Placeholders([conversation, ...wants.variables]);
    const find = await services.personalData?.();
    return new Privacy(
      placeholders,
      find && ((texts) => calls.inTime((signal) => find(texts, signal), true)),
    );
  },
};

class Privacy implements Wrapper {
  readonly #placeholders: Placeholders;
  /** A turn is sent as often as there are calls. */
  #hidden = new WeakMap<object, Message>();

  readonly #find: ((texts: readonly string[]) => Promise<Named[]>) | undefined;
  /** Texts that have been looked at, or are being. */
  readonly #looked = new Map<string, Promise<void>>();
  /** Calls whose answer is to be JSON. */
  readonly #formatted = new WeakSet<InnerCall>();

  constructor(placeholders: Placeholders, find?: (texts: readonly string[]) => Promise<Named[]>) {
    this.#placeholders = placeholders;
    this.#find = find;
  }

  outgoing(request: CanonicalRequest, call: InnerCall): CanonicalRequest | Promise<CanonicalRequest> {
    if (request.intent.outputFormat) this.#formatted.add(call);
    return this.#find
      ? this.#look(request, this.#find).then(() => this.#hideAll(request))
      : this.#hideAll(request);
  }

  /** Has somebody else look at what is new in a request, before anything of it goes out. Rejects where nobody could. */
  async #look(
    { converse }: CanonicalRequest,
    find: (texts: readonly string[]) => Promise<Named[]>,
  ): Promise<void> {
    const texts = new Set<string>();
    const note = (text: string) => {
      texts.add(text);
      return text;
    };
    const { system, messages, promptVariables = {} } = converse;
    for (const each of [system, messages]) mapTexts(each, note);
    for (const { text } of Object.values(promptVariables)) note(text);
    const fresh = [...texts].filter((text) => !this.#looked.has(text) && /\p{L}/u.test(text));
    if (fresh.length > 0) {
      const looking = find(fresh).then((found) => {
        for (const { kind, value } of found) this.#learn(kind, value);
      });
      for (const text of fresh) this.#looked.set(text, looking);
    }
    await Promise.all([...texts].map((text) => this.#looked.get(text)));
  }

  #learn(kind: Named['kind'], value: string): void {
    this.#placeholders.learn(kind, value);
    // Turns that were hidden before it was known may have it too.
    this.#hidden = new WeakMap();
  }

  #hideAll(request: CanonicalRequest): CanonicalRequest {
    const { converse } = request;
    const system = (converse.system ?? []).map((block) => this.#hide(block) as SystemBlock);
    const messages = converse.messages.map((message) => this.#message(message));
    const variables = converse.promptVariables;
    return {
      ...request,
      converse: {
        ...converse,
        messages,
        ...(this.#placeholders.isEmpty ? { system } : { system: [...system, { text: keep }] }),
        ...(variables && { promptVariables: this.#variables(variables) }),
      },
    };
  }

  incoming(answer: ConverseAnswer, call: InnerCall): ConverseAnswer {
    const isJson = this.#formatted.has(call);
    const content = answer.output.message.content.map((block) => this.#restored(block, isJson));
    return { ...answer, output: { message: { role: 'assistant', content } } };
  }

  events(call: InnerCall): (batch: ConverseEvent[]) => ConverseEvent[] {
    const stream = new RestoredStream(this.#placeholders, this.#formatted.has(call));
    return (batch) => batch.flatMap((event) => stream.take(event));
  }

  /** By names that the client has chosen, which say nothing of what is in them. */
  #variables(variables: Record<string, { text: string }>): Record<string, { text: string }> {
    const hidden = (text: string) => ({ text: this.#placeholders.hide(text) });
    return Object.fromEntries(Object.entries(variables).map(([name, { text }]) => [name, hidden(text)]));
  }

  #message(message: Message): Message {
    const known = this.#hidden.get(message);
    if (known) return known;
    const content = message.content.flatMap((block) => this.#block(block));
    const hidden = { ...message, content };
    this.#hidden.set(message, hidden);
    return hidden;
  }

  /** Signed reasoning cannot be changed, so it is left out where there is something to hide in it. */
  #block(block: ContentBlock): ContentBlock[] {
    const hidden = this.#hide(block) as ContentBlock;
    const isSigned =
      'reasoningContent' in block && block.reasoningContent.reasoningText?.signature !== undefined;
    if (!isSigned) return [hidden];
    return JSON.stringify(hidden) === JSON.stringify(block) ? [block] : [];
  }

  #restored(block: ContentBlock, isJson: boolean): ContentBlock {
    if (isJson && 'text' in block) return { text: this.#placeholders.restore(block.text, true) };
    const restored = mapTexts(block, (text) => this.#placeholders.restore(text)) as ContentBlock;
    if (!('reasoningContent' in restored) || !('reasoningContent' in block)) return restored;
    const { reasoningText } = restored.reasoningContent;
    if (!reasoningText || reasoningText.text === block.reasoningContent.reasoningText?.text) return block;
    return { reasoningContent: { reasoningText: { text: reasoningText.text } } };
  }

  #hide(value: unknown): unknown {
    return mapTexts(value, (text) => this.#placeholders.hide(text));
  }
}

/** Members that hold bytes, names or marks, and no words of anybody. */
const wordless: ReadonlySet<string> = new Set([
  'bytes',
  'signature',
  'redactedContent',
  'toolUseId',
  'name',
  'format',
  'type',
  'status',
  'uri',
]);

/** The same value with each of its texts changed. Within what tools take and give every text is one, whatever its name, and so is the name. */
function mapTexts(value: unknown, change: (text: string) => string, isFree = false): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change, isFree));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, Json]) => {
      if (!isFree && wordless.has(name)) return [name, member];
      const isNext = isFree || name === 'input' || name === 'json';
      return [isFree ? change(name) : name, mapTexts(member, change, isNext)];
    }),
  );
}

/** How a piece of a stream goes out. */
interface AsDelta {
  isJson: boolean;
  as(text: string): Delta;
}

/** Restores what a stream says; held back is at most the beginning of a placeholder. */
class RestoredStream {
  readonly #placeholders: Placeholders;
  readonly #isJson: boolean;
  /** By block: what is held back, and how it goes out. */
  readonly #held = new Map<number, { text: string; as: AsDelta }>();
  /** Blocks of reasoning in which something was restored: their signature says nothing any more. */
  readonly #changed = new Set<number>();

  /** `isJson`: its text is JSON; what tools take is it always. */
  constructor(placeholders: Placeholders, isJson: boolean) {
    this.#placeholders = placeholders;
    this.#isJson = isJson;
  }

  take(event: ConverseEvent): ConverseEvent[] {
    if ('contentBlockDelta' in event) {
      const { contentBlockIndex, delta } = event.contentBlockDelta;
      return this.#delta(contentBlockIndex, delta, event);
    }
    if ('contentBlockStop' in event) return [...this.#flush(event.contentBlockStop.contentBlockIndex), event];
    if ('messageStop' in event)
      return [...[...this.#held.keys()].flatMap((index) => this.#flush(index)), event];
    return [event];
  }

  #delta(index: number, delta: Delta, event: ConverseEvent): ConverseEvent[] {
    if ('text' in delta)
      return this.#text(index, delta.text, { isJson: this.#isJson, as: (text) => ({ text }) });
    if ('toolUse' in delta)
      return this.#text(index, delta.toolUse.input, {
        isJson: true,
        as: (input) => ({ toolUse: { input } }),
      });
    if ('citation' in delta) return [deltaOf(index, this.#restored(delta))];
    if (!('reasoningContent' in delta)) return [event];
    const { text, ...rest } = delta.reasoningContent;
    const as = (each: string): Delta => ({ reasoningContent: { text: each } });
    const texts = text === undefined ? [] : this.#text(index, text, { isJson: false, as });
    if (Object.keys(rest).length === 0) return texts;
    const before = [...texts, ...this.#flush(index)];
    return this.#changed.has(index) ? before : [...before, deltaOf(index, { reasoningContent: rest })];
  }

  /** A citation comes in one piece. */
  #restored(delta: Delta): Delta {
    return mapTexts(delta, (text) => this.#placeholders.restore(text)) as Delta;
  }

  #text(index: number, text: string, as: AsDelta): ConverseEvent[] {
    const all = (this.#held.get(index)?.text ?? '') + text;
    const held = Placeholders.unfinished(all);
    const ready = all.slice(0, all.length - held);
    this.#held.set(index, { text: all.slice(all.length - held), as });
    return this.#given(index, ready, as);
  }

  #flush(index: number): ConverseEvent[] {
    const held = this.#held.get(index);
    this.#held.delete(index);
    return held ? this.#given(index, held.text, held.as) : [];
  }

  #given(index: number, text: string, { isJson, as }: AsDelta): ConverseEvent[] {
    if (text === '') return [];
    const restored = this.#placeholders.restore(text, isJson);
    if (restored !== text) this.#changed.add(index);
    return [deltaOf(index, as(restored))];
  }
}

const deltaOf = (contentBlockIndex: number, delta: Delta): ConverseEvent => ({
  contentBlockDelta: { contentBlockIndex, delta },
});
