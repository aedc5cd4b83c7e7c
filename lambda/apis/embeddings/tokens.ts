import type { ByteBudget } from '../../bounds.ts';
import { badRequest } from '../shared/bad-request.ts';

/**
 * The text of a list of tokens, counted in `bytes`: a token may stand for a hundred characters. Throws a 400 that
 * names `param` for a token that does not exist.
 */
export type DecodeTokens = (tokens: readonly number[], param: string, bytes: ByteBudget) => string;

/**
 * Loads cl100k_base, the encoding of OpenAI's embedding models: 1 MB, and most clients send text.
 *
 * The table alone, not the package's `decode`: that keeps the bytes of a character which the end of a list
 * cut off, and puts them before the next text it decodes, which may be another client's. Splitting texts by
 * tokens, as LangChain does, cuts characters off.
 */
export async function loadDecoder(): Promise<DecodeTokens> {
  const { default: table } = await import('gpt-tokenizer/bpeRanks/cl100k_base');
  return (tokens, param, budget) => {
    const parts = tokens.map((token) => {
      const bytes = table[token];
      if (bytes === undefined) throw unknownToken(table.length - 1, param);
      budget.spend(bytes.length, param);
      return typeof bytes === 'string' ? Buffer.from(bytes) : Uint8Array.from(bytes);
    });
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(parts));
  };
}

function unknownToken(last: number, param: string) {
  return badRequest(
    `Invalid value for '${param}': it holds a token that the encoding cl100k_base does not have ` +
      `(0 to ${last}). Encode with cl100k_base, or send the text itself.`,
    param,
  );
}
