import { createHash } from 'node:crypto';

/** Letters and digits that say nothing else than that the text was this one: same text, same alias. */
export function fingerprint(text: string, length: number): string {
  return createHash('sha256').update(text).digest('base64url').replace(/[_-]/g, 'x').slice(0, length);
}

/**
 * Gives every name the model would refuse another one, the same each time. `legal` names keep theirs;
 * `propose(name, attempt)` says what else to call one, until a free one is found. Both ways are total:
 * `to` takes any name, `back` returns unknown ones as they are.
 */
export class Aliases {
  readonly #propose: (name: string, attempt: number) => string;
  readonly #sent = new Map<string, string>();
  readonly #original = new Map<string, string>();

  constructor(
    names: readonly string[] | ReadonlySet<string>,
    legal: (name: string) => boolean,
    propose: (name: string, attempt: number) => string,
  ) {
    this.#propose = propose;
    const refused = new Set<string>();
    for (const name of names) if (!legal(name)) refused.add(name);
    if (refused.size === 0) return;
    // Names that need no change have the first right to them, wherever they stand.
    for (const name of names) if (!refused.has(name)) this.#set(name, name);
    for (const name of refused) this.#rename(name);
  }

  #rename(name: string): void {
    let attempt = 0;
    let alias = this.#propose(name, attempt);
    while (this.#original.has(alias)) {
      attempt += 1;
      alias = this.#propose(name, attempt);
    }
    this.#set(name, alias);
  }

  #set(name: string, alias: string): void {
    this.#sent.set(name, alias);
    this.#original.set(alias, name);
  }

  to(name: string): string {
    return this.#sent.get(name) ?? name;
  }

  back(alias: string): string {
    return this.#original.get(alias) ?? alias;
  }

  get changed(): boolean {
    for (const [name, alias] of this.#sent) if (name !== alias) return true;
    return false;
  }
}
