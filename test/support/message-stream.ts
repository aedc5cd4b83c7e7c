import { expect } from 'vitest';
import type { Block } from './captures.ts';

/** A message, or the error that stands in its place. */
export interface Message {
  [member: string]: unknown;
  type: string;
  content: Block[];
  stop_reason: string | null;
  usage: Record<string, unknown>;
  error?: { type: string; message: string };
}

export interface MessageEvent {
  [member: string]: unknown;
  type: string;
  index?: number;
  message?: Message;
  content_block?: Block;
  delta?: Delta;
  usage?: Record<string, number>;
  error?: { type: string; message: string };
}

interface Delta {
  [member: string]: unknown;
  type?: string;
  text?: string;
  thinking?: string;
  signature?: string;
  partial_json?: string;
  citation?: object;
}

interface OpenBlock {
  block: Block;
  /** The input of a call, as far as it has come. */
  json: string;
  /** A signature ends its block. */
  signed: boolean;
}

/**
 * The events of a body, in order. Each record has one `event:` line that says what its `type` says, because the SDKs
 * skip others; comments may stand anywhere.
 */
export function parseEvents(raw: string): MessageEvent[] {
  expect(raw.endsWith('\n\n')).toBe(true);
  const records = raw.split('\n\n').filter((record) => record !== '' && !record.startsWith(':'));
  return records.map((record) => {
    const lines = record.split('\n');
    expect(lines.map((line) => line.slice(0, line.indexOf(':')))).toEqual(['event', 'data']);
    const event = JSON.parse(lines[1]!.slice('data: '.length)) as MessageEvent;
    expect(lines[0]).toBe(`event: ${event.type}`);
    return event;
  });
}

/**
 * Puts a streamed message together, and fails where the stream breaks a rule of the API: one start, blocks one after
 * the other with indices from 0, deltas within their block, one `message_delta`, `message_stop` at the very end.
 */
export function foldMessage(events: readonly MessageEvent[]): Message {
  const told = events.filter(({ type }) => type !== 'ping');
  const [start, ...rest] = told;
  expect(start).toMatchObject({ type: 'message_start', message: { content: [], stop_reason: null } });
  expect(start?.message?.usage).toMatchObject({
    input_tokens: expect.any(Number),
    output_tokens: expect.any(Number),
  });
  expect(rest.slice(-2).map(({ type }) => type)).toEqual(['message_delta', 'message_stop']);
  const [end] = rest.slice(-2);
  expect(end).toMatchObject({ delta: { stop_reason: expect.any(String) }, usage: expect.any(Object) });
  return {
    ...(start?.message as Message),
    content: foldBlocks(rest.slice(0, -2)),
    ...end?.delta,
    usage: { ...start?.message?.usage, ...end?.usage },
  };
}

function foldBlocks(events: readonly MessageEvent[]): Block[] {
  const blocks: Block[] = [];
  let open: OpenBlock | undefined;
  for (const { type, index, content_block, delta } of events) {
    if (type === 'content_block_start') {
      expect([open, index]).toEqual([undefined, blocks.length]);
      open = { block: { ...(content_block as Block) }, json: '', signed: false };
    } else if (type === 'content_block_delta') {
      expect(index).toBe(blocks.length);
      add(open, delta ?? {});
    } else {
      expect([type, index]).toEqual(['content_block_stop', blocks.length]);
      const { block, json } = open!;
      blocks.push(json === '' ? block : { ...block, input: JSON.parse(json) });
      open = undefined;
    }
  }
  expect(open).toBeUndefined();
  return blocks;
}

function add(open: OpenBlock | undefined, delta: Delta): void {
  if (!open) throw new Error('a delta outside of any block');
  const { block } = open;
  expect(open.signed).toBe(false);
  switch (delta.type) {
    case 'text_delta':
      expect(block.type).toBe('text');
      block.text = `${block.text}${delta.text}`;
      return;
    case 'thinking_delta':
      expect(block.type).toBe('thinking');
      block.thinking = `${block.thinking}${delta.thinking}`;
      return;
    case 'signature_delta':
      expect(block.type).toBe('thinking');
      block.signature = delta.signature;
      open.signed = true;
      return;
    case 'input_json_delta':
      expect(block).toMatchObject({ type: expect.stringMatching(/tool_use$/), input: {} });
      open.json += delta.partial_json;
      return;
    case 'citations_delta':
      block.citations = [...((block.citations as object[] | undefined) ?? []), delta.citation];
      return;
    default:
      throw new Error(`a delta of an unknown kind: ${delta.type}`);
  }
}
