import type { JsonObject } from '../../../canonical/types.ts';
import { badRequest } from '../../shared/bad-request.ts';
import { notAllowed } from '../../shared/json.ts';

const orders = ['asc', 'desc'] as const;
const most = 100;

/**
 * One page of a list of items, the newest first unless `order` is `asc`
 * (https://platform.openai.com/docs/api-reference/responses/input-items). Throws a 400 for a wrong `limit`, `order` or
 * `after`.
 */
export function pageOf(items: readonly JsonObject[], query: (name: string) => string | undefined): object {
  const order = query('order') ?? 'desc';
  const limit = Number(query('limit') ?? 20);
  const after = query('after');
  if (order !== 'asc' && order !== 'desc') throw notAllowed(order, 'order', orders);
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw badRequest(`Invalid value for 'limit': expected a whole number from 1 to ${most}.`, 'limit');
  const ordered = order === 'asc' ? items : items.toReversed();
  const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0)
    throw badRequest(`Invalid value for 'after': no item has the id '${after.slice(0, 100)}'.`, 'after');
  const data = ordered.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < ordered.length,
  };
}
