import type { Aliases } from './renaming.ts';

/**
 * Gives the properties of a JSON object that arrives in fragments their original names, and passes everything else as
 * it comes. Properties of objects within are not touched. What is no object, or ends too early, passes too.
 */
export class KeyRenaming {
  readonly #keys: Aliases;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The next string is a property of the outermost object. */
  #expectsKey = false;
  /** What has arrived of such a property. */
  #key: string | undefined;
  #isObject = false;

  constructor(keys: Aliases) {
    this.#keys = keys;
  }

  /** The text of the fragment, less a property that has only begun. */
  add(fragment: string): string {
    let out = '';
    let from = 0;
    for (let at = 0; at < fragment.length; at += 1) {
      const char = fragment[at]!;
      const begins = char === '"' && !this.#inString && this.#expectsKey;
      if (begins) {
        out += fragment.slice(from, at);
        from = at;
        this.#key = '';
      }
      this.#read(char);
      if (this.#key === undefined || this.#inString) continue;
      out += this.#renamed(this.#key + fragment.slice(from, at + 1));
      this.#key = undefined;
      from = at + 1;
    }
    const rest = fragment.slice(from);
    if (this.#key === undefined) return out + rest;
    this.#key += rest;
    return out;
  }

  /** A property that never ended. */
  end(): string {
    return this.#key ?? '';
  }

  #read(char: string): void {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (char === '\\') this.#escaped = true;
      else if (char === '"') this.#inString = false;
      return;
    }
    switch (char) {
      case '"':
        this.#inString = true;
        this.#expectsKey = false;
        break;
      case '{':
      case '[':
        if (this.#depth === 0) this.#isObject = char === '{';
        this.#depth += 1;
        this.#expectsKey = this.#depth === 1 && this.#isObject;
        break;
      case '}':
      case ']':
        this.#depth -= 1;
        break;
      case ',':
        this.#expectsKey = this.#depth === 1 && this.#isObject;
    }
  }

  #renamed(token: string): string {
    try {
      const key = JSON.parse(token) as string;
      const name = this.#keys.back(key);
      return name === key ? token : JSON.stringify(name);
    } catch {
      return token;
    }
  }
}
