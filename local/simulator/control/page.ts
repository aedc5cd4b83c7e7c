import { invalid } from '../errors.ts';
import type { World } from '../world.ts';

/** One page of a list: `maxResults` 1 to 1000, of which a page may hold fewer, and a token where more follow. */
export function page<T>(
  items: readonly T[],
  query: URLSearchParams,
  { largestPage }: World,
): { items: T[]; nextToken?: string } {
  const size = Number(query.get('maxResults') ?? 100);
  if (!Number.isInteger(size) || size < 1 || size > 1000) {
    throw invalid(
      `1 validation error detected: Value '${query.get('maxResults')}' at 'maxResults' failed to satisfy constraint: Member must have value ${size < 1 ? 'greater than or equal to 1' : 'less than or equal to 1000'}`,
    );
  }
  const start = startOf(query.get('nextToken'));
  const end = start + Math.min(size, largestPage);
  const nextToken = end < items.length ? Buffer.from(`from ${end}`).toString('base64') : undefined;
  return { items: items.slice(start, end), nextToken };
}

function startOf(token: string | null): number {
  if (token === null) return 0;
  const match = /^from (\d+)$/.exec(Buffer.from(token, 'base64').toString());
  if (!match) throw invalid('The provided NextToken is invalid.');
  return Number(match[1]);
}
