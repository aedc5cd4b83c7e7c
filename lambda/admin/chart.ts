import { html } from 'hono/html';
import type { Html } from './layout.ts';
import { dollars } from './text.ts';

export interface Series {
  name: string;
  /** Dollars × 10⁻¹², one for each day. */
  pico: readonly bigint[];
}

const size = { width: 760, height: 240, left: 62, right: 8, top: 10, bottom: 26 };
const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom };
const lines = 4;

/** Cost by day as bars, one on top of another: an image with a text of its own, which the table below says in full. */
export function costChart(days: readonly string[], series: readonly Series[]): Html {
  const sums = days.map((_, day) => series.reduce((sum, { pico }) => sum + (pico[day] ?? 0n), 0n));
  const highest = sums.reduce((most, sum) => (sum > most ? sum : most), 0n);
  const top = niceTop(Number(highest));
  const all = sums.reduce((sum, each) => sum + each, 0n);
  const step = inner.width / Math.max(1, days.length);
  const y = (pico: number) => size.top + inner.height * (1 - pico / top);
  return html`<div class="scroll" role="region" tabindex="0" aria-labelledby="days"><svg class="chart" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="chart-title">
<title id="chart-title">Cost by day, ${days[0]} to ${days.at(-1)}: ${dollars(all)} in all, ${dollars(highest)} on the dearest day</title>
${Array.from({ length: lines + 1 }, (_, at) => {
  const value = (top * at) / lines;
  const height = round(y(value));
  return html`<line x1="${size.left}" x2="${size.width - size.right}" y1="${height}" y2="${height}"/><text x="${size.left - 6}" y="${height + 4}" text-anchor="end">${dollars(BigInt(Math.round(value)))}</text>`;
})}
${days.map((day, at) => {
  const x = size.left + at * step;
  let below = 0;
  const bars = series.map(({ name, pico }, which) => {
    const value = Number(pico[at] ?? 0n);
    if (value === 0) return undefined;
    below += value;
    const height = (inner.height * value) / top;
    return html`<rect class="s${which}" x="${round(x + step * 0.12)}" width="${round(step * 0.76)}" y="${round(y(below))}" height="${round(height)}"><title>${day}, ${name}: ${dollars(pico[at] ?? 0n)}</title></rect>`;
  });
  const isNamed = at % 5 === 0;
  return html`${bars}${isNamed && html`<text x="${round(x + step / 2)}" y="${size.height - 8}" text-anchor="middle">${day.slice(5)}</text>`}`;
})}
</svg></div>
<ul class="legend">${series.map(
    ({ name, pico }, which) =>
      html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="s${which}" width="10" height="10" rx="2"/></svg>${name} <small>${dollars(pico.reduce((sum, each) => sum + each, 0n))}</small></li>`,
  )}</ul>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** The next of 1, 2, 4, 8 × 10ⁿ that is not below: a scale whose fourths are short numbers. */
function niceTop(value: number): number {
  if (value <= 0) return 1e12;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 4, 8, 10].find((factor) => factor * power >= value) ?? 10);
}
