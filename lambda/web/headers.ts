/** RFC 9110 §5.6.2; a value is bytes without line breaks (https://fetch.spec.whatwg.org/#concept-header-value). */
const nameForm = /^[\w!#$%&'*+.^`|~-]+$/;
const valueForm = /^[^\0\r\n\u0100-\uffff]*$/;

type Init = Iterable<readonly [string, string]> | Record<string, string> | undefined | null;

/** The fetch standard's Headers, as far as it can be seen from here: no guards, no `record` conversions. */
export class Headers implements Iterable<[string, string]> {
  readonly #values = new Map<string, string>();
  #cookies: string[] = [];

  constructor(init?: Init) {
    if (!init) return;
    const entries = Symbol.iterator in init ? (init as Iterable<[string, string]>) : Object.entries(init);
    for (const [name, value] of entries) this.append(name, value);
  }

  append(name: string, value: string): void {
    const key = nameOf(name);
    const text = textOf(value);
    if (key === 'set-cookie') this.#cookies.push(text);
    else {
      const known = this.#values.get(key);
      this.#values.set(key, known === undefined ? text : `${known}, ${text}`);
    }
  }

  set(name: string, value: string): void {
    const key = nameOf(name);
    const text = textOf(value);
    if (key === 'set-cookie') this.#cookies = [text];
    else this.#values.set(key, text);
  }

  get(name: string): string | null {
    const key = nameOf(name);
    if (key !== 'set-cookie') return this.#values.get(key) ?? null;
    return this.#cookies.length > 0 ? this.#cookies.join(', ') : null;
  }

  getSetCookie(): string[] {
    return [...this.#cookies];
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }

  delete(name: string): void {
    const key = nameOf(name);
    if (key === 'set-cookie') this.#cookies = [];
    else this.#values.delete(key);
  }

  forEach(each: (value: string, name: string, headers: this) => void): void {
    for (const [name, value] of this) each(value, name, this);
  }

  entries(): ArrayIterator<[string, string]> {
    const cookies = this.#cookies.map((value): [string, string] => ['set-cookie', value]);
    return [...this.#values, ...cookies].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).values();
  }

  keys(): ArrayIterator<string> {
    return Array.from(this, ([name]) => name).values();
  }

  values(): ArrayIterator<string> {
    return Array.from(this, ([, value]) => value).values();
  }

  [Symbol.iterator](): ArrayIterator<[string, string]> {
    return this.entries();
  }
}

function nameOf(name: string): string {
  if (!nameForm.test(name)) throw new TypeError(`${JSON.stringify(name)} is not the name of a header`);
  return name.toLowerCase();
}

function textOf(value: string): string {
  // Looked for only where white space begins: from each of its characters on would be a loop within a loop.
  const text = String(value).replace(/^[\t\n\r ]+|(?<![\t\n\r ])[\t\n\r ]+$/g, '');
  // Not told: it may be a key.
  if (!valueForm.test(text)) throw new TypeError('that cannot be the value of a header');
  return text;
}
