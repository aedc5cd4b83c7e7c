import { personalKinds, replacePersonal } from '../reading/personal-data.ts';

const kindPattern = personalKinds.map((kind) => kind.replaceAll('_', String.raw`\\?_`)).join('|');
const opening = String.raw`(?:<|&lt;|\\u003c)`;
const closing = String.raw`(?:>|&gt;|\\u003e)`;
const placeholder = new RegExp(String.raw`${opening}(${kindPattern})\\?_(\d{1,6})${closing}`, 'gi');
const exact = /<[A-Z_]{2,12}_\d{1,6}>/g;

/** What may be the beginning of a placeholder, at the end of a text. */
const unfinished =
  /(?:<|&(?:l(?:t;?)?)?|\\(?:u(?:0(?:0(?:3c?)?)?)?)?)(?:(?<=<|;|3c)[a-z](?:[a-z_\\]{0,14}\d{0,6})(?:&(?:gt?)?|\\(?:u(?:0(?:03?)?)?)?)?)?$/i;
/** Characters of the longest placeholder, in its longest spelling. */
const longest = 48;

/** Values and what stands for them: one placeholder for one value, for as long as a request lasts. */
export class Placeholders {
  readonly #byValue = new Map<string, string>();
  readonly #values = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #taken: ReadonlySet<string>;

  /** `said`: all that stands in the conversation, in which somebody may have written such a text. */
  constructor(said: readonly string[]) {
    this.#taken = new Set(said.flatMap((text) => text.match(exact) ?? []));
  }

  /** Nothing has been hidden. */
  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  hide(text: string): string {
    return replacePersonal(text, (kind, value) => this.#placeholderOf(kind, value));
  }

  /** Tolerates what models make of them: another case, escapes of Markdown, HTML and JSON. What stands for nothing stays. */
  restore(text: string): string {
    return text.replace(
      placeholder,
      (found, kind: string, number: string) =>
        this.#values.get(`<${kind.replaceAll('\\', '').toUpperCase()}_${Number(number)}>`) ?? found,
    );
  }

  /** Characters at the end of a text that are to be held back, because a placeholder may begin there. */
  static unfinished(text: string): number {
    return unfinished.exec(text.slice(-longest))?.[0].length ?? 0;
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
