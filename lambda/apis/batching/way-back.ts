import { createHash } from 'node:crypto';
import { isObject, parseJson } from '../../canonical/json.ts';
import type { Fields } from '../shared/json.ts';

/**
 * What is kept of each request of a batch for the way back: its id, and of its body all that the answer depends on. That is
 * everything but the conversation, mostly the same in all of them and kept once; and where the client's tools have been
 * called before, how that conversation is built, without its texts.
 */

/** The members of a body that are the conversation. */
const conversation: ReadonlySet<string> = new Set(['messages', 'input', 'system']);

/** The shortest that one may be. */
const shortest = {
  messages: { messages: [{ role: 'user', content: '.' }] },
  input: { input: '.' },
} as const;
/** Where an API has the conversation. */
export type ConversationMember = keyof typeof shortest;

/** Characters of a text that are kept: ids and names of tools are shorter. A multiple of four, as base64 comes. */
const longest = 64;

/** Writes the lines of one job. */
export class WayBackWriter {
  readonly #known = new Map<string, number>();

  /** The line of one request, and before it what it refers to, where that has not been written yet. */
  line(id: string, body: Fields): { context: string; before: string[] } {
    const settings = JSON.stringify(Object.entries(body).filter(([name]) => !conversation.has(name)));
    // A long text would make a slow key.
    const digest = createHash('sha256').update(settings).digest('base64');
    const known = this.#known.get(digest);
    const place = known ?? this.#known.size;
    if (known === undefined) this.#known.set(digest, place);
    const { messages, input } = body;
    const outline = hasCalls(body)
      ? outlineOf({ ...(messages ? { messages } : {}), ...(input ? { input } : {}) })
      : undefined;
    const context = JSON.stringify({ id, s: place, ...(outline !== undefined && { o: outline }) });
    return { context, before: known === undefined ? [`[${settings}]`] : [] };
  }
}

export interface WayBack {
  /** The client's own name of the request. */
  id: string;
  /** Requests with the same number have the same `bodies`. */
  settings: number | undefined;
  /** The request as far as it is known, and with less of it in case that cannot be read. */
  bodies: Fields[];
}

/** Reads the lines of one job. `position`: of the request. */
export class WayBackReader {
  readonly #settings: Fields[] = [];
  readonly #lines: string[] = [];
  readonly #member: ConversationMember;

  constructor(lines: readonly string[], member: ConversationMember) {
    this.#member = member;
    for (const line of lines) {
      if (line.startsWith('[')) this.#settings.push(settingsIn(line));
      else this.#lines.push(line);
    }
  }

  at(position: number): WayBack | undefined {
    const known = parseJson(this.#lines[position] ?? '')?.value;
    if (!isObject(known) || typeof known.id !== 'string' || typeof known.s !== 'number') return undefined;
    const settings = this.#settings[known.s] ?? {};
    const plain = { ...settings, ...shortest[this.#member] };
    if (!isObject(known.o)) return { id: known.id, settings: known.s, bodies: [plain] };
    return { id: known.id, settings: undefined, bodies: [{ ...plain, ...known.o }, plain] };
  }
}

function settingsIn(line: string): Fields {
  const entries = parseJson(line)?.value;
  const [list] = Array.isArray(entries) ? entries : [];
  return Array.isArray(list) ? Object.fromEntries(list as [string, unknown][]) : {};
}

/** Names that tools get for the model depend on those that stand in the conversation. */
function hasCalls({ tools, functions, messages, input }: Fields): boolean {
  if (!tools && !functions) return false;
  const items = [messages, input].flatMap((list) => (Array.isArray(list) ? list : []));
  return items.some(
    (item) => isObject(item) && (item.role === 'assistant' || `${item.type}`.includes('call')),
  );
}

/** The same with its texts cut short. */
function outlineOf(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) return value.map(outlineOf);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, outlineOf(member)]));
}

function cut(text: string): string {
  if (text.length <= longest) return text;
  const head = /^data:[^,]{0,100},/.exec(text)?.[0] ?? '';
  return text.slice(0, head.length + longest);
}
