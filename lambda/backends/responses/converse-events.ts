import { isObject, list, members, text } from '../../canonical/json.ts';
import { signatureOfResponses } from '../../canonical/reasoning.ts';
import type { ConverseEvent, Delta } from '../../canonical/types.ts';
import type { ResponseEvent } from './events.ts';
import { stopReasonOf, tierOf, usageOf } from './outcome.ts';

/** The events of a response as those of ConverseStream: each item is a block. */
export class ConverseEvents {
  #hasBegun = false;
  /** Items whose text has come, by their place in the output. */
  readonly #spoken = new Set<unknown>();

  read(event: ResponseEvent): ConverseEvent[] {
    if (this.#hasBegun) return this.#read(event);
    this.#hasBegun = true;
    return [{ messageStart: { role: 'assistant' } }, ...this.#read(event)];
  }

  #read(event: ResponseEvent): ConverseEvent[] {
    const { type, delta, output_index: index } = event;
    const said = text(delta) ?? '';
    switch (type) {
      case 'response.output_item.added':
        return this.#start(event);
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return this.#delta(index, { text: said });
      case 'response.function_call_arguments.delta':
        return this.#delta(index, { toolUse: { input: said } });
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        return this.#delta(index, { reasoningContent: { text: said } });
      case 'response.reasoning_summary_part.added':
        // Parts of a summary are paragraphs.
        return this.#spoken.has(index) ? this.#delta(index, { reasoningContent: { text: '\n\n' } }) : [];
      case 'response.output_item.done':
        return this.#stop(event);
      case 'response.completed':
      case 'response.incomplete':
        return this.#finish(event);
      default:
        return [];
    }
  }

  #start({ item, output_index: index }: ResponseEvent): ConverseEvent[] {
    if (!isObject(item) || item.type !== 'function_call') return [];
    const toolUse = { toolUseId: text(item.call_id) ?? '', name: text(item.name) ?? '' };
    return [{ contentBlockStart: { contentBlockIndex: Number(index), start: { toolUse } } }];
  }

  #delta(index: unknown, delta: Delta): ConverseEvent[] {
    this.#spoken.add(index);
    return [{ contentBlockDelta: { contentBlockIndex: Number(index), delta } }];
  }

  #stop({ item, output_index: index }: ResponseEvent): ConverseEvent[] {
    const { type, encrypted_content: encrypted } = isObject(item) ? item : {};
    const stop = { contentBlockStop: { contentBlockIndex: Number(index) } };
    if (type === 'reasoning' && typeof encrypted === 'string' && encrypted !== '') {
      const signature = signatureOfResponses.write(encrypted);
      return [...this.#delta(index, { reasoningContent: { signature } }), stop];
    }
    const whole = this.#spoken.has(index) ? [] : this.#unsaid(item, index);
    // A block that nothing was said of does not begin.
    return type === 'function_call' || this.#spoken.has(index) ? [...whole, stop] : [];
  }

  /** What an item has that came without deltas: no client of Responses needs them. */
  #unsaid(item: unknown, index: unknown): ConverseEvent[] {
    const { type, arguments: input, content } = members(item);
    if (type === 'function_call')
      return input ? this.#delta(index, { toolUse: { input: text(input) ?? '' } }) : [];
    const said = type === 'message' ? list(content).map((part) => text(part.text ?? part.refusal) ?? '') : [];
    return said.join('') === '' ? [] : this.#delta(index, { text: said.join('') });
  }

  #finish({ response }: ResponseEvent): ConverseEvent[] {
    if (!isObject(response)) return [];
    const usage = usageOf(response);
    return [
      { messageStop: { stopReason: stopReasonOf(response) } },
      ...(usage ? [{ metadata: { usage, ...tierOf(response) } }] : []),
    ];
  }
}

/** A whole response as the events that a stream would have had. */
export function eventsOf(response: Readonly<Record<string, unknown>>): ConverseEvent[] {
  const events = new ConverseEvents();
  const items = list(response.output).flatMap((item, index) => itemEvents(item, index));
  const end: ResponseEvent = { type: 'response.completed', response: response as ResponseEvent };
  return [...items, end].flatMap((event) => events.read(event));
}

function itemEvents(item: Readonly<Record<string, unknown>>, output_index: number): ResponseEvent[] {
  const at = { output_index, item: item as ResponseEvent };
  const deltas = (type: string, texts: unknown[]) =>
    texts.map((delta) => ({ type, output_index, delta: text(delta) ?? '' }));
  return [
    { type: 'response.output_item.added', ...at },
    ...list(item.summary).flatMap((part) => [
      { type: 'response.reasoning_summary_part.added', output_index },
      ...deltas('response.reasoning_summary_text.delta', [part.text]),
    ]),
    ...list(item.content).flatMap((part) =>
      deltas(item.type === 'reasoning' ? 'response.reasoning_text.delta' : 'response.output_text.delta', [
        part.text ?? part.refusal,
      ]),
    ),
    ...(item.type === 'function_call'
      ? deltas('response.function_call_arguments.delta', [item.arguments])
      : []),
    { type: 'response.output_item.done', ...at },
  ];
}
