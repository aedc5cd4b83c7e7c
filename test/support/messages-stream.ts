import { objectInput, parseToolInput } from '../../lambda/canonical/tool-input.ts';

/** Streams of Anthropic's Messages, as strict as the strictest of its clients. */

type Fields = Record<string, unknown>;

export interface StreamEvent extends Fields {
  type: string;
}

/** The events of a stream. Throws where a record is not `event:` and `data:` of the same type. */
export function eventsOf(sse: string): StreamEvent[] {
  if (sse !== '' && !sse.endsWith('\n\n')) throw new Error('the last event is not ended');
  const records = sse.split('\n\n').slice(0, -1);
  return records.map((record) => {
    const lines = /^event: (\w+)\ndata: (\{.*\})$/.exec(record);
    if (!lines) throw new Error(`not an event: ${record}`);
    const event = JSON.parse(lines[2]!) as StreamEvent;
    if (event.type !== lines[1]) throw new Error(`an event ${lines[1]} of type ${event.type}`);
    return event;
  });
}

export interface FoldedMessage extends Fields {
  content: Fields[];
  usage: Fields;
}

/**
 * What a stream that went well says, put together as Anthropic's SDKs do. Throws at the first event that breaks the
 * order of the protocol: blocks one after the other from 0, one `signature_delta` last in its block, one
 * `message_delta`, `message_stop` at the end.
 */
export function foldMessage(events: readonly StreamEvent[]): FoldedMessage {
  const reader = new Reader();
  for (const event of events) reader.add(event);
  return reader.message();
}

/** Calls of tools that servers run come as those of a client’s do. */
const kindOf = ({ type }: Fields) => (type === 'server_tool_use' ? 'tool_use' : type);

/** Which deltas a block takes, and the member that grows. */
const deltaKinds: Readonly<Record<string, readonly [block: string, member: string]>> = {
  text_delta: ['text', 'text'],
  citations_delta: ['text', 'citation'],
  thinking_delta: ['thinking', 'thinking'],
  signature_delta: ['thinking', 'signature'],
  input_json_delta: ['tool_use', 'partial_json'],
};

class Reader {
  #message: FoldedMessage | undefined;
  #open: { index: number; block: Fields; json: string; signed: boolean } | undefined;
  #state: 'new' | 'begun' | 'ended' | 'stopped' = 'new';

  add(event: StreamEvent): void {
    if (event.type === 'ping') return;
    const handle = this.#handlers[event.type];
    must(handle !== undefined, `an event of type ${event.type}`);
    must(this.#state === (before[event.type] ?? 'begun'), `${event.type} in a stream that is ${this.#state}`);
    handle?.(event);
  }

  message(): FoldedMessage {
    must(this.#state === 'stopped', 'the stream has no message_stop');
    return this.#message!;
  }

  readonly #handlers: Readonly<Record<string, (event: StreamEvent) => void>> = {
    message_start: (event) => this.#start(event.message as FoldedMessage),
    content_block_start: (event) => this.#startBlock(event),
    content_block_delta: (event) => this.#addDelta(event),
    content_block_stop: (event) => this.#stopBlock(event),
    message_delta: (event) => this.#end(event),
    message_stop: () => {
      this.#state = 'stopped';
    },
  };

  #start(message: FoldedMessage): void {
    must(/^(msg_|bedrock-guardrails-)/.test(String(message.id)), `id ${message.id}`);
    must(message.type === 'message' && message.role === 'assistant', 'no message of an assistant');
    must(message.content.length === 0 && message.stop_reason === null, 'a message that has begun already');
    must(typeof message.usage.input_tokens === 'number', 'no input tokens at the start');
    must(typeof message.usage.output_tokens === 'number', 'no output tokens at the start');
    this.#message = { ...message, content: [] };
    this.#state = 'begun';
  }

  #startBlock({ index, content_block: given }: StreamEvent): void {
    must(this.#open === undefined, 'a block begins within another');
    must(index === this.#message!.content.length, `a block has the index ${index}`);
    const block = { ...(given as Fields) };
    if (kindOf(block) === 'tool_use')
      must(JSON.stringify(block.input) === '{}', 'a call begins with its input');
    if (block.type === 'redacted_thinking') must(block.data !== '', 'redacted thinking without its data');
    this.#open = { index: index as number, block, json: '', signed: false };
    this.#message!.content.push(block);
  }

  #addDelta({ index, delta: given }: StreamEvent): void {
    const open = this.#open;
    must(open !== undefined && open.index === index, `a delta for the index ${index}`);
    const { block } = open!;
    const delta = given as Fields;
    const [kind, member] = deltaKinds[String(delta.type)] ?? [];
    must(kind === kindOf(block), `${delta.type} in a block of ${block.type}`);
    must(!open!.signed, 'a delta after the signature');
    const value = delta[member!];
    if (member === 'citation') block.citations = [...((block.citations as unknown[]) ?? []), value];
    else {
      must(typeof value === 'string', `${delta.type} says ${JSON.stringify(value)}`);
      if (member === 'partial_json') open!.json += value;
      else if (member === 'signature') {
        open!.signed = true;
        block.signature = value;
      } else block[member!] = `${block[member!]}${value}`;
    }
  }

  #stopBlock({ index }: StreamEvent): void {
    const open = this.#open;
    must(open !== undefined && open.index === index, `a stop for the index ${index}`);
    const { block, json } = open!;
    // What was cut off is put as a whole answer puts it.
    if (kindOf(block) === 'tool_use') block.input = objectInput(parseToolInput(json));
    this.#open = undefined;
  }

  #end({ delta, usage }: StreamEvent): void {
    must(this.#open === undefined, 'message_delta within a block');
    must(typeof (delta as Fields).stop_reason === 'string', 'message_delta without a stop_reason');
    must(typeof (usage as Fields).output_tokens === 'number', 'message_delta without output tokens');
    const known = { ...this.#message!.usage, ...(usage as Fields) };
    this.#message = { ...this.#message!, ...(delta as Fields), usage: known };
    this.#state = 'ended';
  }
}

/** The state in which an event may come, where it is not the one of blocks. */
const before: Readonly<Record<string, string>> = { message_start: 'new', message_stop: 'ended' };

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not Anthropic’s protocol: ${what}`);
}
