import type { Schema } from '../converse/request.ts';
import type { Choices, Place } from './schema/making.ts';
import { mentions, wordsIn } from './words.ts';

/** What a client may carry out or open, by the words of an argument's name, and a text that does no harm there. */
const harmless = table([
  ['sql database graphql cypher', 'SELECT 1'],
  ['url urls uri href link links endpoint website proxy', 'https://example.com/'],
  ['host hostname domain server', 'example.com'],
  ['email mail recipient recipients', 'someone@example.com'],
  ['path paths file files filename filepath pattern glob', 'example.txt'],
  ['dir directory folder cwd workdir', 'example'],
  ['date day', '2026-01-15'],
  ['code python javascript typescript expression eval snippet program', '1'],
  ['command commands cmd shell bash script argv args exec powershell keys stdin', 'true'],
]);

/** Tools that carry out what they are given: there every argument is taken for something that runs. */
const running = table([
  ['sql database query', 'SELECT 1'],
  ['python javascript node code interpreter repl eval evaluate notebook', '1'],
  [
    'bash shell terminal command cmd powershell exec execute run ssh sudo spawn process script console',
    'true',
  ],
]);

type Table = readonly (readonly [words: readonly string[], text: string])[];

function table(rows: readonly (readonly [words: string, text: string])[]): Table {
  return rows.map(([words, text]) => [words.split(' '), text] as const);
}

/** Switches that make a call harmless; every other one is off. */
const cautious = new Set(['dry', 'preview', 'simulate', 'readonly', 'safe', 'check', 'confirmation']);
/** Values that are taken last, whatever was said. */
const harmful = new Set([
  ...['delete', 'remove', 'drop', 'destroy', 'kill', 'stop', 'terminate', 'purge', 'wipe', 'erase', 'format'],
  ...['reset', 'overwrite', 'write', 'force', 'push', 'shutdown', 'reboot', 'uninstall', 'truncate', 'rm'],
]);

const neutral = 'example';

/**
 * The arguments of a call that the user did not spell out. What the user said is never one of them, since clients
 * carry them out: an argument is a name that the text mentions where nothing can be run or opened by it, and a
 * harmless text everywhere else. Optional ones are given when the text speaks of them.
 */
export function argumentsFrom(text: string, tool: { name: string; description?: string }): Choices {
  const said = new Set(wordsIn(text));
  const names = namesIn(text);
  let next = 0;
  const name = () => names[next++] ?? names.at(-1) ?? neutral;
  const isSaid = (value: unknown) => typeof value === 'string' && mentions(said, value);
  const [purpose = ''] = (tool.description ?? '').split(/(?<=[.!?])\s|\n/);
  const runs = textBy(running, wordsIn(tool.name)) ?? textBy(harmless, commandWords(purpose));
  return {
    word: (place: Place) => {
      const byName = textBy(harmless, wordsIn(place.name ?? ''));
      return byName ?? runs ?? textBy(harmless, commandWords(place.description)) ?? name();
    },
    wants: (optional, owner, depth) =>
      mentions(said, optional) ||
      (owner.properties?.[optional]?.enum ?? []).some(isSaid) ||
      (depth === 0 && names.length > 0 && optional === firstNamed(owner)),
    weigh: (value, { name = '' }) => {
      if (typeof value === 'boolean')
        return Number(value === wordsIn(name).some((word) => cautious.has(word)));
      if (wordsIn(String(value)).some((word) => harmful.has(word))) return -1;
      return Number(isSaid(value));
    },
  };
}

/** The member that a name in the text is for, where the schema does not say what is required. */
function firstNamed({ properties = {}, required }: Schema): string | undefined {
  if (required !== undefined) return undefined;
  const plain = ([name, { type, enum: values, format }]: [string, Schema]) =>
    type === 'string' && !values && !format && textBy(harmless, wordsIn(name)) === undefined;
  return Object.entries(properties).find(plain)?.[0];
}

function textBy(rows: Table, words: readonly string[]): string | undefined {
  return rows.find(([kind]) => words.some((word) => kind.includes(word)))?.[1];
}

/** Of a description only what says that something is run: every other word may stand there for other reasons. */
const commandWords = (description = ''): string[] =>
  wordsIn(description).filter((word) =>
    ['command', 'commands', 'shell', 'bash', 'script', 'sql'].includes(word),
  );

/** Words with a capital that do not begin a sentence. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/(?<=[\p{L}\p{N},'’] )\p{Lu}[\p{L}\p{N}]*/gu)].map(([name]) => name);
