import type { AssistantTurn, Conversation, Money, Turn } from './format.ts';

/** Pico-dollars in a dollar. */
const scale = 10n ** 12n;

/** An exact decimal: 1500000n is 0.0000015. */
export function toUsd(pico: bigint): string {
  const fraction = String(pico % scale)
    .padStart(12, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(pico / scale) : `${pico / scale}.${fraction}`;
}

function toPico(usd: string): bigint {
  const [whole = '0', fraction = ''] = usd.split('.');
  return BigInt(whole) * scale + BigInt(fraction.slice(0, 12).padEnd(12, '0'));
}

/** For a person: to a hundredth of a cent, and more digits where there would be none. */
export function showUsd(usd: string): string {
  const value = Number(usd);
  if (value === 0) return '$0.00';
  return value >= 0.01
    ? `$${value.toFixed(4)}`
    : `$${Number(value.toPrecision(2)).toFixed(12).replace(/0+$/, '')}`;
}

export const showMoney = (money: Money): string =>
  'usd' in money ? showUsd(money.usd) : `cost unknown (${money.unknown})`;

const answers = (turns: readonly Turn[]): AssistantTurn[] =>
  turns.filter((turn): turn is AssistantTurn => turn.role === 'assistant');

export interface Totals {
  answers: number;
  /** Tokens of all answers whose tokens are known. */
  input: number;
  cached: number;
  output: number;
  estimated: boolean;
  /** What is known of the cost. */
  usd: string;
  /** Answers whose cost is not known. */
  unpriced: number;
}

export function totalsOf({ turns, dropped = [] }: Pick<Conversation, 'turns' | 'dropped'>): Totals {
  const all = [...answers(turns), ...dropped];
  const sum = (count: (turn: AssistantTurn) => number) => all.reduce((total, turn) => total + count(turn), 0);
  const pico = all.reduce((total, { cost }) => total + ('usd' in cost ? toPico(cost.usd) : 0n), 0n);
  return {
    answers: all.length,
    input: sum(({ tokens }) => (tokens ? tokens.input + tokens.cacheWrite + tokens.cacheWriteLong : 0)),
    cached: sum(({ tokens }) => tokens?.cacheRead ?? 0),
    output: sum(({ tokens }) => tokens?.output ?? 0),
    estimated: all.some(({ estimated, tokens }) => estimated || !tokens),
    usd: toUsd(pico),
    unpriced: all.filter(({ cost }) => 'unknown' in cost).length,
  };
}

/** `$0.0123`, `$0.0123 and 2 answers of unknown cost`, `unknown`: what is not known is never 0. */
export function showTotal({ usd, unpriced, answers: all }: Totals): string {
  if (all === 0) return 'nothing yet';
  if (unpriced === all) return 'unknown';
  return unpriced === 0 ? showUsd(usd) : `${showUsd(usd)} and ${unpriced} of ${all} answers of unknown cost`;
}
