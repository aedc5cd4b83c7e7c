/** The words of a text or of a name in any spelling, in lower case. */
export const wordsIn = (text: string): string[] =>
  text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** Whether all words of a name occur in the text's. Short ones stand in every text and say nothing. */
export function mentions(said: ReadonlySet<string>, name: string): boolean {
  const words = wordsIn(name);
  return words.some((word) => word.length > 2) && words.every((word) => said.has(word));
}
