import { createHash } from 'node:crypto';
import { bounds } from '../../bounds.ts';
import { isObject, parseJson } from '../../canonical/json.ts';
import type { Fields } from '../shared/json.ts';

/**
 * What is kept of each request of a batch for the way back: its id, and of its body all that the answer depends on. That is
 * everything but the conversation, mostly the same in all of them and kept once; and where the client's tools have been
 * called before, or an item of it says something of the answer, how that conversation is built, without its texts.
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

/** Items of Responses by which a conversation has tools, and a wish of what the answer is to be. */
const minded: ReadonlySet<unknown> = new Set([
  'additional_tools',
  'tool_search_output',
  'configuration_update',
  'compaction_trigger',
]);

/** Characters of a text that are kept: ids are shorter. A multiple of four, as base64 comes. Names stay whole. */
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
    const outline = isMinded(body)
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

/** Whether an answer depends on its conversation. Names that tools get for the model do on those that stand in it. */
function isMinded({ tools, functions, messages, input }: Fields): boolean {
  const items = [messages, input].flatMap((list) => (Array.isArray(list) ? list : [])).filter(isObject);
  if (items.some(({ type }) => minded.has(type))) return true;
  if (!tools && !functions) return false;
  return items.some(({ role, type }) => role === 'assistant' || `${type}`.includes('call'));
}

/** The same with its texts cut short. */
function outlineOf(value: unknown): unknown {
  if (typeof value === 'string') return cut(value);
  if (Array.isArray(value)) return value.map(outlineOf);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === 'name' && typeof member === 'string'
        ? member.slice(0, bounds.nameCharacters)
        : outlineOf(member),
    ]),
  );
}

function cut(text: string): string {
  if (text.length <= longest) return text;
  const head = /^data:[^,]{0,100},/.exec(text)?.[0] ?? '';
  return text.slice(0, head.length + longest);
}
