/**
 * What a request can say, by the gateway's own names: those of Converse and of the canonical intent. Below `apis/`
 * warnings, ignored parameters and errors speak of these; each API has a table of what it calls them.
 */
export type RequestField =
  | 'model'
  | 'messages'
  /** How many answers are wanted. */
  | 'answers'
  | 'maxTokens'
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'stopSequences'
  | 'frequencyPenalty'
  | 'presencePenalty'
  | 'seed'
  | 'logitBias'
  | 'tools'
  | 'tools.strict'
  | 'toolChoice'
  /** The choice that leaves it to the model which tool it calls, and demands that it calls one. */
  | 'toolChoice.any'
  | 'parallelToolCalls'
  | 'webSearch'
  | 'outputFormat'
  /** Claude's own `thinking` object. */
  | 'reasoning.thinking'
  | 'reasoning.effort'
  | 'reasoning.budgetTokens'
  | 'anthropicBeta'
  | 'cachePoint'
  | 'guardContent'
  | 'guardrailConfig'
  | 'serviceTier'
  | 'requestMetadata'
  | 'additionalModelResponseFieldPaths';

export type EmbeddingField = 'model' | 'input' | 'dimensions' | 'inputType' | 'truncate';

export type RerankField = 'model' | 'query' | 'documents' | 'maxTokensPerDoc';

export type ImageField =
  | 'model'
  | 'prompt'
  /** What an edit begins with. */
  | 'images'
  | 'mask'
  | 'size'
  | 'background'
  | 'outputFormat'
  | 'answers';

export type Field = RequestField | EmbeddingField | RerankField | ImageField;

/** A member of a field: a name, or the place in a list. */
type Member = string | number;

/** What a client calls a field, or a member of it. */
export type Spell = (field: Field, member?: Member) => string;

interface Named {
  readonly field: Field;
  readonly member?: Member;
}

/**
 * A text for the client in which fields stand as such: a warning, a message, or no more than the name of one field.
 * Fields are pieces of their own and no marks within the text, because texts hold what clients wrote.
 *
 * @example
 * note`${field('maxTokens')} ${asked} lowered to ${most}`.spelled(spell) // 'max_completion_tokens 9000 lowered to 4096'
 */
export class Note {
  readonly pieces: readonly (string | Named)[];

  constructor(pieces: readonly (string | Named)[]) {
    this.pieces = pieces;
  }

  /** In the words of one client. */
  spelled(spell: Spell): string {
    return this.pieces
      .map((piece) => (typeof piece === 'string' ? piece : spell(piece.field, piece.member)))
      .join('');
  }

  /** In the gateway's own words, for logs and tests. */
  toString(): string {
    return this.spelled(withMember);
  }

  /** The same with further text around it. */
  static of(texts: readonly string[], values: readonly (string | number | Note)[]): Note {
    const pieces = texts.flatMap((text, i) => {
      const value = values[i];
      if (value === undefined) return [text];
      return [text, ...(value instanceof Note ? value.pieces : [String(value)])];
    });
    return new Note(pieces.filter((piece) => piece !== ''));
  }
}

/** The tag of a template that makes a note: fields and other notes keep their places in it. */
export const note = (texts: TemplateStringsArray, ...values: (string | number | Note)[]): Note =>
  Note.of(texts, values);

/** The name of a field, or of a member of it. */
export const field = (name: Field, member?: Member): Note => new Note([{ field: name, member }]);

/** What a client wrote itself and is to read as it wrote it. */
export const written = (text: string): Note => new Note([text]);

/** A path as all of the APIs write it: `requestMetadata.team`, `input[3]`. */
export function withMember(name: string, member?: Member): string {
  if (member === undefined) return name;
  return typeof member === 'number' ? `${name}[${member}]` : `${name}.${member}`;
}
