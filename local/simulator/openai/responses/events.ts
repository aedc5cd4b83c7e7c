import type { Step } from '../../operation.ts';
import { isGpt } from '../models.ts';
import { fragments, idFor, words } from '../outcome.ts';
import type { Item } from './body.ts';
import { type Outcome, openResource, type Resource } from './resource.ts';

const event = (type: string, payload: Record<string, unknown>): Step => ({ event: type, payload });

/** The response as it comes into being (https://platform.openai.com/docs/api-reference/responses-streaming). */
export function* eventsOf(outcome: Outcome, output: readonly Item[], resource: Resource): Iterable<Step> {
  const response = openResource(outcome);
  yield event('response.created', { response });
  yield event('response.in_progress', { response });
  for (const [output_index, item] of output.entries()) {
    yield event('response.output_item.added', { output_index, item: opened(item) });
    yield* contentOf(item, output_index, outcome);
    yield event('response.output_item.done', { output_index, item });
  }
  yield event(`response.${outcome.status}`, { response: resource });
}

/** What grows is empty at first. */
function opened(item: Item): Item {
  const begun = item.status ? { ...item, status: 'in_progress' } : item;
  switch (item.type) {
    case 'message':
      return { ...begun, content: [] };
    case 'reasoning':
      return { ...begun, summary: [], ...(item.content && { content: [] }) };
    case 'function_call':
      return { ...begun, arguments: '' };
    case 'custom_tool_call':
      return { ...begun, input: '' };
    default:
      return begun;
  }
}

function contentOf(item: Item, output_index: number, outcome: Outcome): Iterable<Step> {
  const place = { item_id: item.id, output_index };
  switch (item.type) {
    case 'message':
      return parts(item.content as TextPart[], place, { ...message, padding: paddingOf(outcome) });
    case 'reasoning':
      return item.content
        ? parts(item.content as TextPart[], place, thought)
        : parts(item.summary as TextPart[], place, summary);
    case 'function_call':
      return argument(String(item.arguments), place, 'function_call_arguments', 'arguments');
    case 'custom_tool_call':
      return argument(item.input ?? '', place, 'custom_tool_call_input', 'input');
    default:
      return [];
  }
}

interface TextPart {
  type: string;
  text: string;
}

/** How parts of an item are called. `more`: what their deltas hold besides. */
interface Spelling {
  part: string;
  text: string;
  index: string;
  more?: object;
  padding?: (nth: number) => object;
}

const message: Spelling = {
  part: 'response.content_part',
  text: 'response.output_text',
  index: 'content_index',
  more: { logprobs: [] },
};
const thought: Spelling = {
  part: 'response.content_part',
  text: 'response.reasoning_text',
  index: 'content_index',
};
const summary: Spelling = {
  part: 'response.reasoning_summary_part',
  text: 'response.reasoning_summary_text',
  index: 'summary_index',
};

function* parts(list: readonly TextPart[], place: object, spelling: Spelling): Iterable<Step> {
  const { part: name, text: texts, index, more, padding } = spelling;
  for (const [nth, part] of list.entries()) {
    const where = { ...place, [index]: nth };
    yield event(`${name}.added`, { ...where, part: { ...part, text: '' } });
    for (const [i, delta] of words(part.text).entries())
      yield event(`${texts}.delta`, { ...where, delta, ...more, ...padding?.(i) });
    yield event(`${texts}.done`, { ...where, text: part.text, ...more });
    yield event(`${name}.done`, { ...where, part });
  }
}

function* argument(text: string, place: object, name: string, member: string): Iterable<Step> {
  for (const delta of fragments(text)) yield event(`response.${name}.delta`, { ...place, delta });
  yield event(`response.${name}.done`, { ...place, [member]: text });
}

/** Random letters hide the lengths of words, unless they are not wanted. */
function paddingOf({ body, seed, call }: Outcome): ((nth: number) => object) | undefined {
  if (!isGpt(call.model) || body.stream_options?.include_obfuscation === false) return undefined;
  return (nth) => ({ obfuscation: idFor(seed, `obfuscation ${nth}`, 8 + (nth % 8)) });
}
