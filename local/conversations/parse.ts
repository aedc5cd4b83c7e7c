import * as v from 'valibot';
import { isObject } from '../../lambda/canonical/json.ts';
import { PlainError } from '../plain-error.ts';
import {
  type Conversation,
  conversationSchema,
  type Envelope,
  envelopeSchema,
  formatName,
  formatVersion,
} from './format.ts';

/** Why a file is not a conversation that can be read. The message is for a person and names no content. */
export class UnreadableFile extends PlainError {
  override name = 'UnreadableFile';
  readonly kind: 'damaged' | 'foreign' | 'newer';

  constructor(kind: UnreadableFile['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

export type Parsed = { conversation: Conversation } | { envelope: Envelope };

/** Throws UnreadableFile. */
export function parseFile(text: string): Parsed {
  const value = parseJson(text);
  if (!isObject(value) || value.format !== formatName)
    throw new UnreadableFile('foreign', 'it is no conversation');
  if (typeof value.version === 'number' && value.version > formatVersion) {
    throw new UnreadableFile(
      'newer',
      `it has version ${value.version} of the format, and this program knows ${formatVersion}: update it`,
    );
  }
  if (value.encryption === undefined) return { conversation: checked(conversationSchema, value) };
  return { envelope: checked(envelopeSchema, value) };
}

/** Throws UnreadableFile. */
export function parseConversation(text: string): Conversation {
  return checked(conversationSchema, parseJson(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableFile('damaged', text.trim() === '' ? 'it is empty' : 'it is no JSON: it is damaged');
  }
}

function checked<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const where = v.getDotPath(result.issues[0]) ?? 'the whole';
  throw new UnreadableFile('damaged', `${where} is not what it should be: it is damaged`);
}
