import { isPlain } from '../shared/plain-json.ts';

/**
 * Anthropic's server-sent events (https://docs.anthropic.com/en/docs/build-with-claude/streaming). Each needs its
 * `event:` line: the SDKs skip records without one.
 */
export const eventFrame = (type: string, json: string): string => `event: ${type}\ndata: ${json}\n\n`;

const deltaHead = 'event: content_block_delta\ndata: ';
/** The same for the event that nearly all are. */
export const deltaFrame = (json: string): string => `${deltaHead}${json}\n\n`;

export const event = (type: string, members: object): string =>
  eventFrame(type, JSON.stringify({ type, ...members }));

/** What a delta of one string is called, and the member that it stands in. */
const deltas = {
  text: '"text_delta","text"',
  thinking: '"thinking_delta","thinking"',
  signature: '"signature_delta","signature"',
  tool_use: '"input_json_delta","partial_json"',
} as const;
export type StringDelta = keyof typeof deltas;

/** A delta of one string up to that string: what does not change from delta to delta is serialised once. */
export const deltaOpen = (index: number, kind: StringDelta): string =>
  `${deltaHead}{"type":"content_block_delta","index":${index},"delta":{"type":${deltas[kind]}:`;

/** What follows the string. */
export const deltaClose = '}}\n\n';

export const quoted = (text: string): string => (isPlain(text) ? `"${text}"` : JSON.stringify(text));
