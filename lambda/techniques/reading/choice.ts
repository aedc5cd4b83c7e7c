/** The number of one of `n` things, counted from 1, that a reply names; undefined where it names none. */
export function readChoice(reply: string, n: number): number | undefined {
  const text = reply.slice(0, 4000).replace(/[*_`#]/g, '');
  const whole = /^\s*(\d{1,4})\s*\.?\s*$/.exec(text)?.[1];
  const named = [...text.matchAll(/\b(?:candidate|answer|number|option)\b\D{0,30}?(\d{1,4})/gi)].map(
    ([, found]) => found,
  );
  const any = [...text.matchAll(/(?<![\d.])\d{1,4}(?![\d.]\d)/g)].map(([found]) => found);
  return [whole, ...named, ...any].map(Number).find((number) => number >= 1 && number <= n);
}
