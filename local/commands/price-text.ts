import type { ListedPrice, ListedTokens } from '../../lambda/prices/listed.ts';

/** Dollars for a million tokens, from those for one: `2.2`; `-` where they are not known. */
export function perMillion(usd: string | null | undefined): string {
  if (usd === null || usd === undefined) return '-';
  const [whole = '', fraction = ''] = usd.split('.');
  const digits = `${whole}${fraction.padEnd(12, '0')}`;
  const cut = digits.length - 6;
  return `${BigInt(digits.slice(0, cut))}.${digits.slice(cut)}`.replace(/\.?0+$/, '');
}

/** A price in lines: what it is for, and what it comes to. */
export function priceFacts(price: ListedPrice | undefined): string[][] {
  if (!price) return [['price', 'not known']];
  const { scope, from, long, tiers, each } = price;
  const units = Object.entries(each).map(([unit, usd]) => `${unit} $${usd}`);
  const tokens = price.input === null ? [] : [`$ for a million tokens: ${inWords(price)}`];
  return [
    ['price', `${[...tokens, ...units].join('; ')} (${scope}, since ${from})`],
    ...(long ? [['long input', `above ${long.above.toLocaleString('en-US')}: ${inWords(long)}`]] : []),
    ...(tiers.length > 0 ? [['priced tiers', tiers.join(', ')]] : []),
  ];
}

function inWords({ input, output, cacheRead, cacheWrite, cacheWrite1h }: ListedTokens): string {
  const kinds = {
    input,
    output,
    'cache read': cacheRead,
    'cache write': cacheWrite,
    'for an hour': cacheWrite1h,
  };
  const known = Object.entries(kinds).filter(([, usd]) => usd !== null);
  return known.map(([kind, usd]) => `${kind} ${perMillion(usd)}`).join(', ');
}
