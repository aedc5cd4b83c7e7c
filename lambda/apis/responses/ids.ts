import { createHash } from 'node:crypto';

/** What each kind of item has before its number. */
export const itemPrefixes = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  tool_search_call: 'tsc',
  local_shell_call: 'lsh',
  shell_call: 'sh',
  apply_patch_call: 'apc',
  compaction: 'cmp',
} as const;
export type ItemType = keyof typeof itemPrefixes;

/** The ids of one answer: all are made of the request's, so that they are found in the gateway's logs. */
export class Ids {
  readonly #request: string;

  constructor(requestId: string) {
    const plain = requestId.replace(/^req_/, '').replaceAll('-', '');
    // Clients keep ids in which there is nothing but letters and digits.
    this.#request = /^[A-Za-z0-9]{20,48}$/.test(plain)
      ? plain
      : createHash('sha256').update(requestId).digest('hex').slice(0, 32);
  }

  get response(): string {
    return `resp_${this.#request}`;
  }

  /** `index`: the item's place in the output. */
  item(type: ItemType, index: number): string {
    return `${itemPrefixes[type]}_${this.#request}${String(index).padStart(3, '0')}`;
  }
}
