import { personalKinds, replacePersonal } from '../reading/personal-data.ts';

const kindPattern = [...personalKinds, 'NAME', 'ADDRESS']
  .map((kind) => kind.replaceAll('_', String.raw`\\?_`))
  .join('|');
const opening = String.raw`(?:<|&lt;|\\u003c)`;
const closing = String.raw`(?:>|&gt;|\\u003e)`;
const placeholder = new RegExp(String.raw`${opening}(${kindPattern})\\?_(\d{1,6})${closing}`, 'gi');

/** The one spelling of all that are read as the same placeholder. */
const nameOf = (kind: string, number: string): string =>
  `<${kind.replaceAll('\\', '').toUpperCase()}_${Number(number)}>`;

/** What may be the beginning of a placeholder, at the end of a text. */
const unfinished =
  /(?:<|&(?:l(?:t;?)?)?|\\(?:u(?:0(?:0(?:3c?)?)?)?)?)(?:(?<=<|;|3c)[a-z](?:[a-z_\\]{0,14}\d{0,6})(?:&(?:gt?)?|\\(?:u(?:0(?:03?)?)?)?)?)?$/i;
/** Characters of the longest placeholder, in its longest spelling. */
const longest = 48;

/** A placeholder, or one of these texts where neither a letter nor a digit stands beside it. */
function learnedPattern(values: readonly string[]): RegExp {
  const texts = [...values]
    .sort((one, other) => other.length - one.length)
    .map((value) => value.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`));
  return new RegExp(
    String.raw`<[A-Z_]{2,12}_\d{1,6}>|(?<![\p{L}\p{N}])(?:${texts.join('|')})(?![\p{L}\p{N}])`,
    'gu',
  );
}

/** Values and what stands for them: one placeholder for one value, for as long as a request lasts. */
export class Placeholders {
  readonly #byValue = new Map<string, string>();
  readonly #values = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  /** Values that no pattern finds, the longest first; undefined: they have changed. */
  #learned: RegExp | undefined;
  readonly #named = new Map<string, string>();
  /** Stands in what goes out, and is nobody's. */
  readonly #taken = new Set<string>();

  /**
   * `said`: all that stands in the conversation, in which somebody may have written such a text, in any spelling in which
   * it would be restored.
   */
  constructor(said: readonly string[]) {
    for (const text of said) this.#reserve(text);
  }

  /** Nothing has been hidden. */
  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  hide(text: string): string {
    // Models and pages write such texts too, of which none may come to stand for something later.
    this.#reserve(text);
    const hidden = replacePersonal(text, (kind, value) => this.#placeholderOf(kind, value));
    if (this.#named.size === 0) return hidden;
    this.#learned ??= learnedPattern([...this.#named.keys()]);
    // What has been made above is matched first, and stays.
    return hidden.replace(this.#learned, (found) => {
      const kind = this.#named.get(found);
      return kind === undefined ? found : this.#placeholderOf(kind, found);
    });
  }

  /** From now on this text is hidden wherever it stands as a word. */
  learn(kind: 'NAME' | 'ADDRESS', value: string): void {
    if (this.#named.has(value)) return;
    this.#named.set(value, kind);
    this.#learned = undefined;
  }

  /**
   * Tolerates what models make of them: another case, escapes of Markdown, HTML and JSON. What stands for nothing stays.
   * `isJson`: the text is JSON, or a piece of it, where placeholders stand within strings. It stays JSON.
   */
  restore(text: string, isJson = false): string {
    return text.replace(placeholder, (found, kind: string, number: string) => {
      const value = this.#values.get(nameOf(kind, number));
      if (value === undefined) return found;
      return isJson || found.startsWith('\\u') ? JSON.stringify(value).slice(1, -1) : value;
    });
  }

  /** Characters at the end of a text that are to be held back, because a placeholder may begin there. */
  static unfinished(text: string): number {
    return unfinished.exec(text.slice(-longest))?.[0].length ?? 0;
  }

  #reserve(text: string): void {
    for (const [, kind = '', number = ''] of text.matchAll(placeholder)) {
      const name = nameOf(kind, number);
      if (!this.#values.has(name)) this.#taken.add(name);
    }
  }

  #placeholderOf(kind: string, value: string): string {
    const known = this.#byValue.get(value);
    if (known !== undefined) return known;
    let made: string;
    do {
      const count = this.#counts.get(kind) ?? 0;
      this.#counts.set(kind, count + 1);
      made = `<${kind}_${count}>`;
    } while (this.#taken.has(made));
    this.#byValue.set(value, made);
    this.#values.set(made, value);
    return made;
  }
}
