import { isObject, list } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';

type Members = Readonly<Record<string, unknown>>;

/** The messages of a body of Chat Completions; what is none counts as empty. */
export const messagesOf = ({ messages }: JsonObject): Members[] => list(messages);

/** The parts of a message's content; a text is one part. */
export const partsOf = ({ content }: Members): Members[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : list(content);

/** Whether the model thinks before it answers, as far as the request says. */
export const thinks = ({ reasoning_effort: effort }: JsonObject): boolean => effort !== 'none';

/** The type of the answer's format; undefined for plain text. */
export function formatOf({ response_format: format }: JsonObject): string | undefined {
  const type = isObject(format) ? format.type : undefined;
  return typeof type === 'string' && type !== 'text' ? type : undefined;
}

/** A file that is there, and no text: texts stand in the message by Converse. */
export function isPdf({ type, file }: Members): boolean {
  const data = isObject(file) ? file.file_data : undefined;
  return type === 'file' && typeof data === 'string' && data.startsWith('data:application/pdf;base64,');
}

export const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
