import type { Limits } from '../auth/limits-record.ts';

/** What is counted of calls: before one as a bound, after it as what it came to. */
export interface Amount {
  readonly tokens: number;
  /** Dollars × 10⁻¹². */
  readonly pico: bigint;
}

export const nothing: Amount = { tokens: 0, pico: 0n };

export const plus = (one: Amount, other: Amount): Amount => ({
  tokens: one.tokens + other.tokens,
  pico: one.pico + other.pico,
});
export const minus = (one: Amount, other: Amount): Amount => ({
  tokens: one.tokens - other.tokens,
  pico: one.pico - other.pico,
});
export const times = ({ tokens, pico }: Amount, factor: number): Amount => ({
  tokens: tokens * factor,
  pico: pico * BigInt(factor),
});
/** Each of its parts by itself. */
export const least = (one: Amount, other: Amount): Amount => ({
  tokens: Math.min(one.tokens, other.tokens),
  pico: one.pico < other.pico ? one.pico : other.pico,
});
export const atLeastNothing = (amount: Amount): Amount => minus(amount, least(amount, nothing));
export const isNothing = ({ tokens, pico }: Amount): boolean => tokens === 0 && pico === 0n;

const picoPerMicro = 1_000_000n;

/** Dollars as a record has them, with six digits after the point at most, exactly. */
export const picoOf = (dollars: number): bigint => BigInt(Math.round(dollars * 1e6)) * picoPerMicro;

/** As a decimal number of dollars, exactly. */
export function dollarsOf(pico: bigint): string {
  const digits = (pico < 0n ? -pico : pico).toString().padStart(13, '0');
  const fraction = digits.slice(-12).replace(/0+$/, '');
  return `${pico < 0n ? '-' : ''}${digits.slice(0, -12)}${fraction && `.${fraction}`}`;
}

/** Whether anything of these limits is about money. */
export const limitsMoney = ({ dollarsPerDay, dollarsPerMonth }: Limits): boolean =>
  dollarsPerDay !== undefined || dollarsPerMonth !== undefined;
