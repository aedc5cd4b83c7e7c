const number = String.raw`-?\d+(?:[.,]\d+)?`;
const whole = new RegExp(`^\\s*(${number})\\s*$`);
const labelled = new RegExp(`(?:score|rating|grade)\\b[^\\d\\n-]{0,40}(${number})(?:\\s*/\\s*(\\d+))?`, 'i');
const outOf = (max: number) => new RegExp(`(${number})\\s*(?:/|out of)\\s*${max}(?!\\d)`, 'i');
const percent = new RegExp(`(${number})\\s*%`);

/** "(0-10)", "from 1 to 10", "out of 10:": what a judge repeats of the question, and no score of its own. */
function scaleOf(max: number): RegExp {
  const most = String.raw`${max}(?:[.,]0)?(?![\d]|[.,]\d)`;
  const scale = String.raw`${max === 1 ? '0' : '[01]'}(?:[.,]0)?\s{0,3}(?:-|–|—|to|and)\s{0,3}${most}`;
  const forms = [
    String.raw`(?:[([]|\b(?:from|of|between|scale|range|in))\s{0,3}${scale}`,
    String.raw`(?<![\d.,-])${scale}(?=\s{0,3}[)\]:=])`,
    String.raw`[([]\s{0,3}(?:out of|/)\s{0,3}${most}`,
    String.raw`(?<!\d\s{0,3})out of\s{0,3}${most}(?=\s{0,3}[:=])`,
  ];
  return new RegExp(forms.join('|'), 'gi');
}

const any = new RegExp(`(?<![\\w.,])${number}(?![\\w]|[.,]\\d)`, 'g');

/** Characters of a reply that are looked at. */
const maxCharacters = 4000;

/**
 * The score that a judge gives, from 0 to `max`, however it is dressed: the whole reply, a number behind the word, one
 * out of the most, a percentage where the most is 1, else the first number within range; the ends of a scale are none.
 * Undefined where there is none, or where what is given is out of range: a judge that says 95 of 10 has said nothing.
 */
export function readScore(reply: string, max: number): number | undefined {
  const text = reply
    .slice(0, maxCharacters)
    .replace(/[*_`#$]/g, '')
    .replace(scaleOf(max), '');
  const given = numberIn(whole.exec(text)?.[1]);
  if (given !== undefined) return within(given, max);
  const behindWord = labelled.exec(text);
  const isOfOther = behindWord?.[2] !== undefined && Number(behindWord[2]) !== max;
  const share = max === 1 ? numberIn(percent.exec(text)?.[1]) : undefined;
  const isPercent = share !== undefined && share === numberIn(behindWord?.[1]);
  if (behindWord && !isOfOther && !isPercent) return within(numberIn(behindWord[1]), max);
  const ofMost = numberIn(outOf(max).exec(text)?.[1]);
  if (ofMost !== undefined) return within(ofMost, max);
  if (share !== undefined) return within(share / 100, max);
  for (const [found] of text.matchAll(any)) {
    const value = within(numberIn(found), max);
    if (value !== undefined) return value;
  }
  return undefined;
}

const numberIn = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text.replace(',', '.'));

const within = (value: number | undefined, max: number): number | undefined =>
  value !== undefined && value >= 0 && value <= max ? value : undefined;
