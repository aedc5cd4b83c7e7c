/** From the lowest to the highest value that 95 % of such evaluations would cover. */
export interface Interval {
  low: number;
  high: number;
}

/** Two-sided 95 % of the normal distribution. */
const z = 1.959963984540054;

/**
 * Wilson's score interval for a share of `n` (https://doi.org/10.1080/01621459.1927.10502953): it holds for few
 * questions and for shares near 0 and 1, where the usual one does not.
 */
export function wilson(share: number, n: number): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const middle = share + (z * z) / (2 * n);
  const reach = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return { low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) };
}

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value below which a share of the values is; undefined where there are none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

const resamples = 10_000;

/** The 95 % interval of the mean of paired differences, by a percentile bootstrap over the pairs. */
export function bootstrap(differences: readonly number[], random: () => number): Interval {
  const { length } = differences;
  if (length === 0) return { low: -1, high: 1 };
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < length; i += 1) sum += differences[Math.floor(random() * length)] ?? 0;
    return sum / length;
  }).sort();
  const at = (share: number) => means[Math.round(share * (resamples - 1))] ?? 0;
  return { low: at(0.025), high: at(0.975) };
}

/**
 * McNemar's test in its exact form: how likely chance alone parts the pairs that differ at least as unevenly.
 * `gained`, `lost`: pairs in which only the one, or only the other, is right.
 */
export function mcnemar(gained: number, lost: number): number {
  const n = gained + lost;
  let term = -n * Math.LN2;
  let sum = 0;
  for (let k = 0; k <= Math.min(gained, lost); k += 1) {
    sum += Math.exp(term);
    term += Math.log(n - k) - Math.log(k + 1);
  }
  return Math.min(1, 2 * sum);
}

/**
 * The same question where each pair was tried several times and differs by a share: how likely are differences as
 * large, in sum, when each may as well have had the other sign. By 10,000 draws.
 */
export function signFlips(differences: readonly number[], random: () => number): number {
  const size = Math.abs(differences.reduce((sum, each) => sum + each, 0)) - 1e-9;
  let asLarge = 0;
  for (let i = 0; i < resamples; i += 1) {
    let sum = 0;
    for (const each of differences) sum += random() < 0.5 ? each : -each;
    if (Math.abs(sum) >= size) asLarge += 1;
  }
  return (1 + asLarge) / (1 + resamples);
}
