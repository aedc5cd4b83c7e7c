/** What must appear in no log line: keys, credentials, and what was asked and answered. */
export interface Canaries {
  /** A key or a credential. */
  secret(value: string): void;
  /** Everything in a request that a client would not want to find in a log. */
  request(body: unknown, headers: Headers): void;
  /** Throws, naming the line, when one of them is in there. */
  check(lines: readonly string[]): void;
}

const secretHeaders = [
  'authorization',
  'x-api-key',
  'api-key',
  'x-aws-access-key-id',
  'x-aws-secret-access-key',
  'x-aws-session-token',
];
/** Members of a request whose texts are the client's own words. */
const words = new Set(['content', 'text', 'arguments', 'input', 'prompt', 'system', 'description']);
/** Shorter ones stand in log lines by chance. */
const shortest = 8;

export function createCanaries(): Canaries {
  const secrets = new Set<string>();
  const prompts = new Set<string>();
  return {
    secret: (value) => void secrets.add(value),
    request(body, headers) {
      for (const name of secretHeaders) {
        const value = headers
          .get(name)
          ?.replace(/^bearer /i, '')
          .trim();
        if (value) secrets.add(value);
      }
      for (const text of textsIn(body, false)) if (text.length >= shortest) prompts.add(text);
    },
    check(lines) {
      const canaries = [...secrets, ...prompts].map((text) => JSON.stringify(text).slice(1, -1));
      for (const line of lines) {
        const found = canaries.find((canary) => line.includes(canary));
        if (found !== undefined)
          throw new Error(`The log line ${line.trim()} contains ${JSON.stringify(found)}`);
      }
    },
  };
}

function textsIn(value: unknown, own: boolean): string[] {
  if (typeof value === 'string') return own ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, own));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => textsIn(member, words.has(name)));
}
