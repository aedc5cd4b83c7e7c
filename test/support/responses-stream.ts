import { isDeepStrictEqual } from 'node:util';

/** Streams of OpenAI's Responses, as strict as the strictest of its clients. */

type Fields = Record<string, unknown>;

export interface ResponseEvent extends Fields {
  type: string;
  sequence_number: number;
}

/** The events of a stream. Throws where a record is not `event:` and `data:` of the same type, or a number is missing. */
export function eventsOf(sse: string): ResponseEvent[] {
  if (sse !== '' && !sse.endsWith('\n\n')) throw new Error('the last event is not ended');
  const records = sse.split('\n\n').slice(0, -1);
  return records.map((record, i) => {
    const lines = /^event: ([\w.]+)\ndata: (\{.*\})$/.exec(record);
    if (!lines) throw new Error(`not an event: ${record}`);
    const event = JSON.parse(lines[2]!) as ResponseEvent;
    must(event.type === lines[1], `an event ${lines[1]} of type ${event.type}`);
    must(event.sequence_number === i, `${event.type} has the number ${event.sequence_number}, not ${i}`);
    return event;
  });
}

export interface FoldedResponse extends Fields {
  status: string;
  output: Fields[];
}

/**
 * The response that a stream ends in. Throws at the first event that breaks the order of the protocol: created, in
 * progress, items one after the other with their parts, each done as its deltas add up, one end that has them all.
 */
export function foldResponse(events: readonly ResponseEvent[]): FoldedResponse {
  const reader = new Reader();
  for (const event of events) reader.add(event);
  return reader.response();
}

interface OpenItem {
  item: Fields;
  parts: Part[];
  /** What the deltas of arguments or input add up to, and whether they are done. */
  text: string;
  isTextDone: boolean;
  annotations: unknown[];
}
interface Part {
  list: 'content' | 'summary';
  text: string;
  state: 'open' | 'text done' | 'over';
}

/** What a response says of its request, which does not change. */
const constant = [
  ...['id', 'object', 'created_at', 'model', 'instructions', 'metadata', 'tools', 'tool_choice', 'text'],
  ...['reasoning', 'store', 'background', 'temperature', 'top_p', 'parallel_tool_calls', 'truncation'],
];
const inputs: Readonly<Record<string, string>> = { function_call: 'arguments', custom_tool_call: 'input' };

class Reader {
  #first: Fields | undefined;
  #lifecycle: string[] = [];
  #open: OpenItem | undefined;
  readonly #items: Fields[] = [];
  #response: FoldedResponse | undefined;

  add(event: ResponseEvent): void {
    must(this.#response === undefined, `${event.type} after the end`);
    if (event.type === 'keepalive') {
      must(this.#lifecycle.length === 2, 'a keepalive before the response has begun');
      return;
    }
    if (event.response) this.#addLifecycle(event.type, event.response as FoldedResponse);
    else if (event.type === 'response.output_item.added') this.#addItem(event);
    else this.#inItem(event);
  }

  response(): FoldedResponse {
    must(this.#response !== undefined, 'the stream has no end');
    return this.#response!;
  }

  #addLifecycle(type: string, response: FoldedResponse): void {
    this.#first ??= response;
    for (const member of constant) same(response[member], this.#first[member], `${type} changes ${member}`);
    const status = type.slice('response.'.length);
    if (this.#lifecycle.length < 2) {
      must(status === ['created', 'in_progress'][this.#lifecycle.length], `${type} at the beginning`);
      same(
        [response.status, response.output, response.usage],
        ['in_progress', [], null],
        `a ${type} says more`,
      );
    } else {
      must(['completed', 'incomplete', 'failed'].includes(status), `${type} in the middle`);
      must(response.status === status, `${type} with the status ${response.status}`);
      must(status === 'failed' || this.#open === undefined, 'the end comes within an item');
      same(response.output, this.#items, 'the output at the end is not what was streamed');
      must((response.error !== null) === (status === 'failed'), `an error in ${type}`);
      must((response.incomplete_details !== null) === (status === 'incomplete'), `details in ${type}`);
      this.#response = response;
    }
    this.#lifecycle.push(type);
  }

  #addItem({ output_index: index, item }: ResponseEvent): void {
    must(this.#lifecycle.length === 2, 'an item before the response is in progress');
    must(this.#open === undefined, 'an item begins within another');
    must(index === this.#items.length, `an item has the index ${index}`);
    const begun = item as Fields;
    must(typeof begun.id === 'string' && begun.id.length > 20, `an item has the id ${begun.id}`);
    must(begun.status === undefined || begun.status === 'in_progress', `an item begins ${begun.status}`);
    for (const list of ['content', 'summary'] as const)
      same(begun[list] ?? [], [], `${list} is not empty yet`);
    const input = inputs[String(begun.type)];
    if (input) must(begun[input] === '', `an item begins with its ${input}`);
    this.#open = { item: begun, parts: [], text: '', isTextDone: false, annotations: [] };
  }

  #inItem(event: ResponseEvent): void {
    const open = this.#open;
    must(open !== undefined && event.output_index === this.#items.length, `${event.type} outside of an item`);
    if (event.type === 'response.output_item.done') {
      this.#finish(open!, event.item as Fields);
      return;
    }
    must(event.item_id === open!.item.id, `${event.type} of ${event.item_id}`);
    const [, name = '', verb] = /^response\.([\w.]+)\.(added|delta|done)$/.exec(event.type) ?? [];
    if (name === 'output_text.annotation') {
      must(event.annotation_index === open!.annotations.push(event.annotation) - 1, 'annotations have gaps');
    } else if (name === 'content_part' || name === 'reasoning_summary_part')
      addPart(open!, name, verb, event);
    else if (name === 'output_text' || name === 'reasoning_summary_text') addText(open!, verb, event);
    else if (name === 'function_call_arguments') addInput(open!, 'function_call', verb, event);
    else if (name === 'custom_tool_call_input') addInput(open!, 'custom_tool_call', verb, event);
    else must(false, `an event of type ${event.type}`);
  }

  #finish({ item, parts, text, isTextDone, annotations }: OpenItem, done: Fields): void {
    for (const member of ['id', 'type', 'call_id', 'name', 'namespace', 'role']) {
      same(done[member], item[member], `${member} of an item changes`);
    }
    must(done.status !== 'in_progress', 'an item is done and in progress');
    must(
      parts.every(({ state }) => state === 'over'),
      'a part is not over',
    );
    const input = inputs[String(done.type)];
    if (input) must(isTextDone && done[input] === text, `${input} differ from what was streamed`);
    if (done.type === 'message') {
      const [part] = done.content as Fields[];
      same(part?.annotations, annotations, 'annotations differ from what was streamed');
    }
    const list = done.type === 'message' ? 'content' : 'summary';
    if (done.type === 'message' || done.type === 'reasoning') {
      const texts = (done[list] as Fields[]).map((part) => part.text);
      same(texts, parts.map((part) => part.text), 'parts differ from what was streamed'); // biome-ignore format: one line
    }
    this.#items.push(done);
    this.#open = undefined;
  }
}

function addPart(open: OpenItem, name: string, verb: string | undefined, event: ResponseEvent): void {
  const list = name === 'content_part' ? 'content' : 'summary';
  const index = event[`${list}_index`] as number;
  const given = event.part as Fields;
  if (verb === 'added') {
    must(index === open.parts.length && given.text === '', `a part begins at ${index}`);
    open.parts.push({ list, text: '', state: 'open' });
    return;
  }
  const part = open.parts[index];
  must(part?.state === 'text done' && given.text === part.text, 'a part is not done as it was streamed');
  part!.state = 'over';
}

function addText(open: OpenItem, verb: string | undefined, event: ResponseEvent): void {
  const part = open.parts[(event.content_index ?? event.summary_index) as number];
  must(part?.state === 'open', `${event.type} without its part`);
  if (event.type.startsWith('response.output_text')) must(Array.isArray(event.logprobs), 'no logprobs');
  if (verb === 'delta') part!.text += String(event.delta);
  else {
    must(event.text === part!.text, 'a text is not what its deltas add up to');
    part!.state = 'text done';
  }
}

function addInput(open: OpenItem, type: string, verb: string | undefined, event: ResponseEvent): void {
  must(open.item.type === type && !open.isTextDone, `${event.type} in ${open.item.type}`);
  if (verb === 'delta') open.text += String(event.delta);
  else {
    must(event[inputs[type]!] === open.text, 'an input is not what its deltas add up to');
    open.isTextDone = true;
  }
}

function same(value: unknown, expected: unknown, what: string): void {
  must(isDeepStrictEqual(value, expected), `${what}: ${JSON.stringify(value)}, ${JSON.stringify(expected)}`);
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not the protocol of Responses: ${what}`);
}
