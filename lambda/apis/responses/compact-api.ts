import { isObject } from '../../canonical/json.ts';
import { GatewayError } from '../../errors.ts';
import { written } from '../../fields.ts';
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
 * the user's own messages and a sealed summary of everything else. It is never streamed. `said`: the whole
 * conversation, once it is known.
 */
export function compaction(
  { begin, ...api }: ChatApi<ServedResponse>,
  said?: () => readonly unknown[],
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
      return compacting(begun, () => (said?.() ?? items ?? []).filter(isOfUser));
    },
    answer([answer], head, { rendering, kept }) {
      if (!answer) throw new Error('unreachable: one answer is wanted');
      const {
        output,
        usage,
        created_at,
        incomplete_details: missing,
      } = writeResponse(answer, head, rendering);
      if (missing) throw notWhole(missing.reason, rendering.echo.max_output_tokens !== undefined);
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

/**
 * A compacted conversation has no status that could say that its summary is not whole, and takes the place of the one
 * there was. No 5xx, which clients send again at once: that would read the whole conversation anew, for the same end.
 * `isBounded`: the client has said how long it may be.
 */
function notWhole(reason: string, isBounded: boolean): GatewayError {
  if (reason === 'content_filter') {
    const message =
      'The summary of the conversation was withheld or changed by a guardrail or by the model’s own filter, so that it could not take the place of the conversation.';
    return new GatewayError({ status: 400, reason: 'bad_request', code: 'content_filter', message });
  }
  const message =
    'The summary of the conversation was cut off before its end. Allow it more `max_output_tokens`, or have a model summarize it that writes longer answers.';
  const param = isBounded ? { param: written('max_output_tokens') } : {};
  return new GatewayError({ status: 400, reason: 'bad_request', ...param, message });
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
  return { ...item, id: item.id ?? id, type: 'message', status: 'completed', content: parts };
}
