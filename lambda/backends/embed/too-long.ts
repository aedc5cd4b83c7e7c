import { GatewayError } from '../../errors.ts';
import { type Note, note } from '../../fields.ts';
import type { EmbeddingFamily } from '../../models/embeddings/families.ts';
import { plainMessage } from '../errors/fault.ts';

/** A text that an embedding model refuses for its length; numbers where Bedrock or the model's family gives them. */
export interface TooLong {
  /** Index among the texts of the call; undefined where nothing says which it is. */
  text?: number;
  size?: { limit: number; actual: number; unit: 'characters' | 'tokens' };
  /** Tokens that the model takes by its page, where Bedrock says no number. */
  limit?: number;
}

/** Cohere's, Titan's, Nova's and Marengo's names for a text; only Cohere takes several, and numbers them. */
const schemaLimit =
  /^Malformed input request: #\/(?:texts\/(\d+)|inputText|text\/inputText|singleEmbeddingParams\/text\/value): expected maxLength: (\d+), actual: (\d+)/;
/** Several texts break the schema: the checker counts them and names none (recorded). */
const violations = /^Malformed input request: \d+ schema violations found/;
const tokenLimit =
  /^(?:400 Bad Request: )?Too many input tokens\. Max input tokens: (\d+), request input token count: (\d+)/;

/** Reads a refusal of an embedding model; undefined where it is about something else than length. */
export function readTooLong(
  error: GatewayError,
  texts: readonly string[],
  {
    maxCharacters: limit = Number.POSITIVE_INFINITY,
    maxTokens,
  }: Pick<EmbeddingFamily, 'maxCharacters' | 'maxTokens'>,
): TooLong | undefined {
  const said = plainMessage(error.upstream?.message ?? '');
  const only = texts.length === 1 ? { text: 0 } : {};
  const schema = schemaLimit.exec(said);
  if (schema) {
    const [, index, most, actual] = schema;
    const size = { limit: Number(most), actual: Number(actual), unit: 'characters' as const };
    return { ...(index === undefined ? only : { text: Number(index) }), size };
  }
  if (violations.test(said)) {
    const text = texts.findIndex(({ length }) => length > limit);
    const actual = texts[text]?.length;
    return actual === undefined ? undefined : { text, size: { limit, actual, unit: 'characters' } };
  }
  const tokens = tokenLimit.exec(said);
  if (tokens) {
    const [, most, actual] = tokens;
    return { ...only, size: { limit: Number(most), actual: Number(actual), unit: 'tokens' } };
  }
  if (error.reason !== 'context_overflow') return undefined;
  return { ...only, ...(maxTokens !== undefined && { limit: maxTokens }) };
}

/**
 * OpenAI's 400 for it: clients look for the code, and for its "maximum context length", to split a text.
 * `param` names the text.
 */
export function tooLongError(error: GatewayError, { size, limit }: TooLong, param: Note): GatewayError {
  const what = size
    ? note`This model's maximum context length is ${size.limit} ${size.unit} for each text. However, \`${param}\` has ${size.actual} ${size.unit}.`
    : note`\`${param}\` is longer than this model's maximum context length${limit === undefined ? '' : `, ${limit} tokens for each text`}.`;
  return new GatewayError({
    status: 400,
    reason: 'context_overflow',
    code: 'context_length_exceeded',
    param,
    message: note`${what} Please shorten the text, or split it into several.`,
    cause: error,
    ...(error.upstream && { upstream: error.upstream }),
  });
}
