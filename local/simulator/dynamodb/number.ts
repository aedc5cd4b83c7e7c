import { invalid } from './error.ts';

/**
 * DynamoDB's numbers: decimal, 38 significant digits, from 10⁻¹³⁰ to 10¹²⁶
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html).
 * As an integer times a power of ten.
 */
interface Decimal {
  digits: bigint;
  exponent: number;
}

const form = /^([+-]?)(\d+)?(?:\.(\d+)?)?(?:[eE]([+-]?\d{1,4}))?$/;
const mostDigits = 38;

/** Throws what DynamoDB says of what is no number, or none that it stores. */
export function readNumber(text: unknown): Decimal {
  const match = typeof text === 'string' ? form.exec(text) : null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (whole + fraction === '') {
    const said = text === '' || text === undefined ? '' : `: ${String(text)}`;
    throw invalid(`The parameter cannot be converted to a numeric value${said}`);
  }
  const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`);
  return stored({ digits, exponent: Number(exponent) - fraction.length });
}

/** As short as it can be; throws for what is too long or too large. */
function stored({ digits, exponent }: Decimal): Decimal {
  if (digits === 0n) return { digits: 0n, exponent: 0 };
  let [short, power] = [digits, exponent];
  while (short % 10n === 0n) {
    short /= 10n;
    power += 1;
  }
  const length = String(short < 0n ? -short : short).length;
  const magnitude = length + power - 1;
  if (magnitude > 125)
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  if (magnitude < -130)
    throw invalid(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  if (length > mostDigits) throw invalid('Attempting to store more than 38 significant digits in a Number');
  return { digits: short, exponent: power };
}

/** Both with the same power of ten. */
function aligned(one: Decimal, other: Decimal): { one: bigint; other: bigint; exponent: number } {
  const exponent = Math.min(one.exponent, other.exponent);
  const to = ({ digits, exponent: own }: Decimal) => digits * 10n ** BigInt(own - exponent);
  return { one: to(one), other: to(other), exponent };
}

export function addNumbers(one: string, other: string, sign: 1n | -1n = 1n): string {
  const both = aligned(readNumber(one), readNumber(other));
  return writeNumber(stored({ digits: both.one + sign * both.other, exponent: both.exponent }));
}

/** Negative, 0 or positive. */
export function compareNumbers(one: string, other: string): number {
  const both = aligned(readNumber(one), readNumber(other));
  return both.one < both.other ? -1 : both.one > both.other ? 1 : 0;
}

export const canonicalNumber = (text: unknown): string => writeNumber(readNumber(text));

function writeNumber({ digits, exponent }: Decimal): string {
  if (exponent >= 0) return String(digits * 10n ** BigInt(exponent));
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits).padStart(1 - exponent, '0');
  return `${sign}${text.slice(0, exponent)}.${text.slice(exponent)}`;
}
