import { badRequest } from '../../errors.ts';

/** Texts of token lists; LangChain's OpenAI client sends these. Throws a 400 for a token that does not exist. */
export type DecodeTokens = (tokens: readonly number[], param: string) => string;

/** Loads cl100k_base, the encoding of OpenAI's embedding models: 1 MB, and most clients send text. */
export async function loadDecoder(): Promise<DecodeTokens> {
  const { decode, vocabularySize } = await import('gpt-tokenizer/encoding/cl100k_base');
  return (tokens, param) => {
    try {
      return decode(tokens as number[]);
    } catch {
      throw badRequest(
        `Invalid value for '${param}': it holds a token that the encoding cl100k_base does not have ` +
          `(0 to ${vocabularySize - 1}). Encode with cl100k_base, or send the text itself.`,
        param,
      );
    }
  };
}
