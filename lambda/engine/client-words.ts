import type { NativeRequest } from '../canonical/native.ts';
import type { CanonicalRequest } from '../canonical/request.ts';

/**
 * Members below which a client names things as it likes: there the names are the client's words too.
 * Everywhere else the names are those of the canonical shape.
 */
const openMembers: ReadonlySet<string> = new Set([
  'additionalModelRequestFields',
  'requestMetadata',
  'promptVariables',
  'json',
  'input',
  'input_schema',
  'parameters',
  'schema',
  'metadata',
  'thinking',
  'logitBias',
  'input_examples',
  'citations',
  'compaction',
  'configs',
]);

/** The same of a client's own body: blocks that are sent as they are. */
const openTypes: ReadonlySet<unknown> = new Set(['browser_state']);

/** Members whose values are Bedrock's own words. What a client writes there instead is its own. */
const closedMembers: ReadonlySet<string> = new Set(['role', 'format', 'type', 'media_type', 'ttl']);
const isWord = /^[a-z0-9_/.-]{1,40}$/;
/** Names of members of any API; a body of OpenAI's is sent with what the gateway does not know, and may have others anywhere. */
const isName = /^\w{1,64}$/;

/** Every text of a request that its client chose: values, and the names of members where names are free. */
export const clientTexts = ({ model, converse, intent }: CanonicalRequest): string[] =>
  textsIn([converse, intent], [model]);

/** The same for a client's own body. Of Anthropic's only members that the gateway knows are sent. */
export const nativeTexts = ({ api, body, settings }: NativeRequest, model: string): string[] => {
  if (api !== 'responses') return textsIn([body, settings], [model]);
  // Here `input` is the conversation, whose members are the API's.
  const { input, ...rest } = body;
  return textsIn([input, rest, settings], [model]);
};

function textsIn(values: unknown[], texts: string[]): string[] {
  const pending = values.map((value) => ({ value, open: false }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, open } = next;
    if (typeof value === 'string') texts.push(value);
    else if (Array.isArray(value)) for (const item of value) pending.push({ value: item, open });
    else if (typeof value === 'object' && value !== null) {
      const free = open || openTypes.has((value as { type?: unknown }).type);
      for (const [name, member] of Object.entries(value)) {
        if (free || !isName.test(name)) texts.push(name);
        if (free || !closedMembers.has(name) || typeof member !== 'string' || !isWord.test(member))
          pending.push({ value: member, open: free || openMembers.has(name) });
      }
    }
  }
  return texts;
}

/** Characters of a client's text that are compared at most: a request with more teaches nothing. */
const maxCharacters = 1_000_000;
/** Neighbouring words that two texts must have in common before one is taken for a quotation of the other. */
const run = 3;

/**
 * Whether what Bedrock said may be a quotation of one of the client's texts: a whole text of one or two words
 * stands in it, or three words in a row of a longer one. Words are compared, not characters, so that quotation
 * marks, escapes and changed punctuation do not hide a quotation. Linear in the length of the texts.
 */
export function mayQuote(said: string, texts: readonly string[]): boolean {
  const known = new Set(runsOf(wordsOf(said), [1, 2, run]));
  let left = maxCharacters;
  for (const text of texts) {
    // Without white space a text is a name or a file; one that is longer than what was said is not in it.
    if (text.length > said.length && !/\s/.test(text)) continue;
    left -= text.length;
    if (left < 0) return true;
    const words = wordsOf(text);
    if (words.length === 0) continue;
    if (runsOf(words, [Math.min(run, words.length)]).some((each) => known.has(each))) return true;
  }
  return false;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function runsOf(words: readonly string[], lengths: readonly number[]): string[] {
  return lengths.flatMap((length) =>
    Array.from({ length: Math.max(0, words.length - length + 1) }, (_, i) =>
      words.slice(i, i + length).join(' '),
    ),
  );
}
