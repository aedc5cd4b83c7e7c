import { dollarsOf } from '../limits/amount.ts';

/** Figures as people read them. */

export const count = (value: number): string => value.toLocaleString('en-US');

/** Tokens in thousands or millions where there are so many. */
export function tokens(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} B`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} K` : count(value);
}

/** Dollars with two digits after the point, or with as many as show that it is more than nothing. */
export function dollars(pico: bigint, unpriced = 0): string {
  const value = Number(dollarsOf(pico));
  const small = value !== 0 && Math.abs(value) < 0.01;
  const text = small
    ? value.toPrecision(2)
    : value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${unpriced > 0 ? '≥ ' : ''}$${text}`;
}

export const share = (value: number | undefined): string =>
  value === undefined ? '–' : `${(value * 100).toFixed(1)} %`;

export function milliseconds(value: number | undefined): string {
  if (value === undefined) return '–';
  if (value === Number.POSITIVE_INFINITY) return '> 180 s';
  return value < 1000 ? `≤ ${value} ms` : `≤ ${value / 1000} s`;
}

/** `2026-11-28 14:05`, of UTC. */
export const time = (at: number | undefined): string =>
  at ? new Date(at).toISOString().slice(0, 16).replace('T', ' ') : '–';

export const rate = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(1));
