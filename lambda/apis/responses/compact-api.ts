import { isObject } from '../../canonical/json.ts';
import type { BegunRequest, ChatApi } from '../api.ts';
import type { Fields } from '../shared/json.ts';
import type { ServedResponse } from './create-api.ts';
import { Ids } from './ids.ts';
import { writeResponse } from './resource.ts';

/** A conversation to be shortened, and what of it stays as it is. */
interface ServedCompaction extends ServedResponse {
  kept: readonly Fields[];
}

/**
 * POST /responses/compact (https://platform.openai.com/docs/api-reference/responses/compact): a conversation becomes
 * the user's own messages and a sealed summary of everything else. It is never streamed. `earlier`: what was said before
 * the input, once it is known.
 */
export function compaction(
  { begin, ...api }: ChatApi<ServedResponse>,
  earlier: () => readonly unknown[] = () => [],
): ChatApi<ServedCompaction> {
  return {
    ...api,
    name: 'responses.compact',
    begin(body, headers) {
      const refers = body.previous_response_id != null || body.conversation != null;
      const items = itemsOf(body.input) ?? (refers ? [] : undefined);
      // The end of the input is where clients put it.
      const input = items && [...items, { type: 'compaction_trigger' }];
      const begun = begin({ ...body, ...(input && { input }) }, headers);
      return compacting(begun, () => [...earlier(), ...(items ?? [])].filter(isOfUser));
    },
    answer([answer], head, { rendering, kept }) {
      if (!answer) throw new Error('unreachable: one answer is wanted');
      const { output, usage, created_at } = writeResponse(answer, head, rendering);
      const ids = new Ids(head.requestId);
      return {
        id: ids.response,
        object: 'response.compaction',
        created_at,
        output: [...kept.map((item, i) => message(item, ids.item('message', i + 1))), ...output],
        usage,
      };
    },
  };
}

function compacting(
  begun: BegunRequest<ServedResponse>,
  kept: () => Fields[],
): BegunRequest<ServedCompaction> {
  const { load } = begun;
  return {
    ...begun,
    stream: false,
    ...(load && { load: async () => compacting(await load(), kept) }),
    read: (context) => ({ ...begun.read(context), kept: kept() }),
  } as BegunRequest<ServedCompaction>;
}

function itemsOf(input: unknown): unknown[] | undefined {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  return Array.isArray(input) && input.length > 0 ? input : undefined;
}

const isOfUser = (item: unknown): item is Fields =>
  isObject(item) &&
  item.role === 'user' &&
  (item.type == null || item.type === 'message') &&
  item.content != null;

function message(item: Fields, id: string): object {
  const { content } = item;
  const parts = typeof content === 'string' ? [{ type: 'input_text', text: content }] : content;
  return { id, ...item, type: 'message', status: 'completed', content: parts };
}
