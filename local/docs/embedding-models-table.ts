import { type EmbeddingFamily, embeddingFamilies } from '../../lambda/models/embeddings/families.ts';

/** What each family of embedding models takes, for docs/embeddings.md. */
export const embeddingModelsTable = (): string =>
  [
    '| Model | Sizes of vectors | Longest text | Images | `input_type` | `truncate` | Texts in a call |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...embeddingFamilies.map((family) => {
      const { title, dimensions, inputTypes, truncations, maxTexts } = family;
      const cells = [
        title,
        dimensions.join(', '),
        longest(family),
        shown(family),
        yes(inputTypes),
        cuts(truncations),
      ];
      return `| ${cells.join(' | ')} | ${maxTexts} |`;
    }),
  ].join('\n');

const yes = (value: unknown) => (value === undefined ? '' : 'yes');
const cuts = (words: EmbeddingFamily['truncations']) => Object.keys(words ?? {}).join(', ');

function longest({ maxTokens, maxCharacters }: EmbeddingFamily): string {
  if (maxCharacters !== undefined) return `${maxCharacters} characters`;
  return maxTokens === undefined ? '' : `${maxTokens} tokens`;
}

function shown({ images }: EmbeddingFamily): string {
  if (!images) return '';
  return `${images.formats.join(', ')}${images.withText ? '; also with a text' : ''}`;
}
