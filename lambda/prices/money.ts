/**
 * Exact money: integers of pico-dollars (USD × 10⁻¹²). A price of $0.01 for a million tokens is 10,000 of them a token.
 * In floating-point numbers a million prices do not add up to what one of them times a million is.
 */

const picoPerUsd = 1_000_000_000_000n;
/** Decimals of a dollar that a pico-dollar is. */
const decimals = 12;

/** Pico-dollars of one token, from USD for a million. Prices have six decimals at most, so nothing is rounded. */
export const picoPerToken = (usdPerMillion: number): bigint => BigInt(Math.round(usdPerMillion * 1e6));

/** Pico-dollars of one image, query …, from USD for one. */
export const picoEach = (usd: number): bigint => BigInt(Math.round(usd * 1e6)) * 1_000_000n;

/** A price times a factor with four decimals, rounded up to whole pico-dollars. */
export function times(pico: bigint, factor: number): bigint {
  const tenThousandths = BigInt(Math.round(factor * 10_000));
  return (pico * tenThousandths + 9_999n) / 10_000n;
}

/** Dollars as a decimal number, exactly, without an exponent and without zeros at its end: `0.0079`. */
export function usdText(pico: bigint): string {
  const sign = pico < 0n ? '-' : '';
  const size = pico < 0n ? -pico : pico;
  const fraction = (size % picoPerUsd).toString().padStart(decimals, '0').replace(/0+$/, '');
  return `${sign}${size / picoPerUsd}${fraction && `.${fraction}`}`;
}
