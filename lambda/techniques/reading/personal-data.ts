/** One kind of personal data: its form, and what tells it from what only looks like it. */
interface Kind {
  name: string;
  pattern: RegExp;
  /** The part of what was found that is one; undefined: none of it is. */
  check?: (found: string) => string | undefined;
}

const whole = (isOne: (found: string) => boolean) => (found: string) => (isOne(found) ? found : undefined);

/** In the order in which they are looked for. All quantifiers are bounded, and each text fits in one way alone, so that it is read in one pass. */
const kinds: readonly Kind[] = [
  {
    name: 'EMAIL',
    pattern: /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu,
  },
  { name: 'AWS_KEY', pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  {
    name: 'IBAN',
    pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,32}(?![A-Za-z0-9])/g,
    check: iban,
  },
  { name: 'CARD', pattern: /(?<![\d+]|\d[ -])\d(?:[ -]?\d){12,18}(?![\d]|[ -]\d)/g, check: whole(isCard) },
  {
    name: 'SSN',
    pattern: /(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g,
  },
  { name: 'PHONE', pattern: /(?<![\p{L}\p{N}])\+\d{1,3}(?:[ ().-]{0,2}\d){6,13}(?!\d)/gu },
  {
    name: 'IP',
    pattern: /(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,8}(?![\w:])/g,
    check: whole(isIpv6),
  },
  {
    name: 'IP',
    pattern:
      /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?!\w|\.\d)/g,
  },
];

export const personalKinds: readonly string[] = [...new Set(kinds.map(({ name }) => name))];

/** The text with each piece of personal data replaced. */
export function replacePersonal(text: string, replace: (kind: string, value: string) => string): string {
  return kinds.reduce(
    (current, { name, pattern, check }) =>
      current.replace(pattern, (found) => {
        const value = check ? check(found) : found;
        return value === undefined ? found : replace(name, value) + found.slice(value.length);
      }),
    text,
  );
}

/** By the checksum of Luhn. */
function isCard(found: string): boolean {
  const digits = [...found.replace(/\D/g, '')].map(Number).reverse();
  const sum = digits.reduce((total, digit, i) => {
    const weighed = i % 2 === 0 ? digit : 2 * digit;
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return sum > 0 && sum % 10 === 0;
}

/** The longest beginning that has the check digits of an IBAN: a word in capitals may stand behind it. */
function iban(found: string): string | undefined {
  for (let end = found.length; end >= 15; end -= 1) {
    if (end < found.length && found[end] !== ' ') continue;
    if (isIban(found.slice(0, end))) return found.slice(0, end);
  }
  return undefined;
}

function isIban(text: string): boolean {
  const compact = text.replaceAll(' ', '');
  if (compact.length < 15 || compact.length > 34) return false;
  const moved = compact.slice(4) + compact.slice(0, 4);
  let rest = 0;
  for (const character of moved) rest = Number(`${rest}${Number.parseInt(character, 36)}`) % 97;
  return rest === 1;
}

/** Eight groups, or fewer around one `::`; what has no digit or fewer than three groups is more likely a word of a program. */
function isIpv6(found: string): boolean {
  const halves = found.split('::');
  const groups = halves.flatMap((half) => half.split(':')).filter((group) => group !== '');
  if (halves.length > 2 || !/\d/.test(found) || halves.some((half) => /^:|:$/.test(half))) return false;
  return halves.length === 2 ? groups.length >= 3 && groups.length < 8 : groups.length === 8;
}
