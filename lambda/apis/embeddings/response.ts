import type { Embeddings } from '../../engine/embeddings.ts';

/**
 * OpenAI's list of embeddings. `usage.estimated` is there, and true, only where the model gave no count of
 * tokens (an extension).
 */
export function translateEmbeddings(
  { vectors, usage }: Embeddings,
  model: string,
  encoding: 'float' | 'base64',
) {
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: encoding === 'base64' ? base64(vector) : vector,
    })),
    model,
    usage: {
      prompt_tokens: usage.tokens,
      total_tokens: usage.tokens,
      ...(usage.estimated && { estimated: true }),
    },
  };
}

/** The vector as 32-bit floats, little-endian: what OpenAI's own clients ask for and decode. */
function base64(vector: readonly number[]): string {
  const bytes = Buffer.allocUnsafe(vector.length * 4);
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes.toString('base64');
}
