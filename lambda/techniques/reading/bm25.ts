const k1 = 1.2;
const b = 0.75;

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** How well each text fits a question, by Okapi BM25: rare words of the question count most. */
export function relevances(question: string, texts: readonly string[]): number[] {
  const wanted = new Set(wordsOf(question));
  const counted = texts.map((text) => {
    const words = wordsOf(text);
    const counts = new Map<string, number>();
    for (const word of words) if (wanted.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
    return { counts, length: words.length };
  });
  const average = counted.reduce((sum, { length }) => sum + length, 0) / Math.max(1, texts.length) || 1;
  const rarities = new Map(
    [...wanted].map((word) => {
      const having = counted.filter(({ counts }) => counts.has(word)).length;
      return [word, Math.log(1 + (texts.length - having + 0.5) / (having + 0.5))];
    }),
  );
  return counted.map(({ counts, length }) =>
    [...counts].reduce((sum, [word, count]) => {
      const weight = (count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / average));
      return sum + (rarities.get(word) ?? 0) * weight;
    }, 0),
  );
}
