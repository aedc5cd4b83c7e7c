import { UsageError } from './command.ts';

/**
 * A gateway's key as a header can carry it. `from` is the option or variable that it came from. Throws a UsageError that
 * names that and never the value: what sends a request would print the whole header.
 */
export function headerKey(from: string, value: string): string {
  const key = value.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new UsageError(
    `${from} holds no key of a gateway: it must be printable ASCII without spaces and line breaks.`,
  );
}
