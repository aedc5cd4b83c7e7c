import { html } from 'hono/html';
import { readTokens } from '../limits/use.ts';
import { costChart } from './chart.ts';
import {
  type Budget,
  cacheShare,
  costSeries,
  type Figures,
  failedShare,
  firstTokenMs,
  type KeyLine,
  type ModelLine,
  tokensPerSecond,
} from './figures.ts';
import type { Html } from './layout.ts';
import { count, dollars, milliseconds, rate, share, time, tokens } from './text.ts';

export interface UsageView {
  figures: Figures;
  /** Whose use it is; undefined: everybody's. */
  key: string | undefined;
  by: 'key' | 'model';
  isAdmin: boolean;
}

/** What was used, on one screen. */
export function usagePage({ figures, key, by, isAdmin }: UsageView): Html {
  const query = key === undefined || !isAdmin ? '' : `&key=${encodeURIComponent(key)}`;
  const other = by === 'key' ? 'model' : 'key';
  return html`${key !== undefined && html`<p>Of the key <strong>${key}</strong>.${isAdmin && html` <a href="/admin">All keys</a>`}</p>`}
<section aria-labelledby="month"><h2 id="month">This month</h2>${monthFigures(figures)}</section>
<section aria-labelledby="days"><h2 id="days">Cost by day, by ${by}</h2>
<p class="note"><a href="/admin?by=${other}${query}">By ${other} instead</a></p>
${costChart(figures.days, costSeries(figures, by))}${take('days', query)}</section>
<section aria-labelledby="keys"><h2 id="keys">By key, ${figures.days.length} days</h2>${keyTable(figures.keys, isAdmin)}${take('keys', query)}</section>
<section aria-labelledby="models"><h2 id="models">By model, ${figures.days.length} days</h2>${modelTable(figures.models)}${take('models', query)}</section>
<p class="note">Days and months are those of UTC. ≥: some calls have no known price and are not in the sum.</p>`;
}

const take = (table: string, query: string): Html =>
  html`<p class="take">Take along: <a href="/admin/${table}.csv?${query.slice(1)}">${table} as CSV</a>, <a href="/admin/${table}.json?${query.slice(1)}">${table} as JSON</a></p>`;

function monthFigures({ month, savedPico, reservedPico }: Figures): Html {
  const figure = (name: string, value: string, more?: string) =>
    html`<div><dt>${name}</dt><dd>${value}${more && html`<small>${more}</small>`}</dd></div>`;
  const { unpriced, unmetered } = month;
  return html`<dl class="figures">
${figure('Cost', dollars(month.costPico, unpriced), unpriced > 0 ? `${count(unpriced)} calls without a price` : undefined)}
${figure('Requests', count(month.requests), `${count(month.bedrockCalls)} calls to Bedrock`)}
${figure('Tokens read', tokens(readTokens(month)), unmetered > 0 ? `${count(unmetered)} calls estimated` : undefined)}
${figure('Tokens written', tokens(month.outputTokens))}
${figure('Read from the cache', share(cacheShare(month)), savedPico === undefined ? undefined : `saved ${dollars(savedPico)}`)}
${figure('Errors and broken streams', share(failedShare(month)), `${count(month.serverErrors)} errors, ${count(month.brokenStreams)} streams`)}
${figure('Throttled', count(month.throttled))}
${figure('Reserved, not settled', dollars(reservedPico))}
</dl>`;
}

const scroll = (label: string, table: Html): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-labelledby="${label}">${table}</div>`;

function keyTable(lines: readonly KeyLine[], isAdmin: boolean): Html {
  const heads = ['Key', 'Team', 'Cost', 'Budget', 'Rate left', 'Requests', 'Tokens', 'Last use', 'Expires'];
  return scroll(
    'keys',
    html`<table><thead>${headRow(heads)}</thead><tbody>${lines.map(
      ({ name, team, admin, isKey, revoked, expiresAt, use, standing }) => html`<tr>
<th scope="row">${isAdmin && isKey ? html`<a href="/admin?key=${encodeURIComponent(name)}">${name}</a>` : name}${admin && html` <small>admin</small>`}${(revoked && html` <small>closed</small>`) || (!isKey && html` <small>no key</small>`)}</th>
<td>${team ?? '–'}</td><td>${dollars(use.costPico, use.unpriced)}</td>
<td>${standing?.day || standing?.month ? html`${budget(standing.day, `${name}, today`, 'a day')}${budget(standing.month, `${name}, this month`, 'a month')}` : '–'}</td>
<td>${rateLeft(standing)}</td><td>${count(use.requests)}</td><td>${tokens(readTokens(use) + use.outputTokens)}</td>
<td>${time(use.lastAt)}</td><td>${time(expiresAt).slice(0, 10)}</td></tr>`,
    )}</tbody></table>${lines.length === 0 && html`<p class="note">Nothing was used.</p>`}`,
  );
}

function budget(of: Budget | undefined, label: string, span: string): Html | undefined {
  if (!of) return undefined;
  const part = Math.min(1, Number(of.usedPico) / Number(of.limitPico));
  return html`<span>${dollars(of.usedPico)} of ${dollars(of.limitPico)} ${span}</span><meter min="0" max="1" high="0.8" optimum="0" value="${part.toFixed(3)}" aria-label="Budget used: ${label}">${share(part)}</meter>`;
}

function rateLeft(standing: KeyLine['standing']): string {
  const { requests, tokens: written } = standing?.view ?? {};
  const parts = [
    ...(requests ? [`${count(requests.remaining)} of ${count(requests.limit)} requests`] : []),
    ...(written ? [`${tokens(written.remaining)} of ${tokens(written.limit)} tokens`] : []),
  ];
  return parts.join(', ') || '–';
}

function modelTable(lines: readonly ModelLine[]): Html {
  const heads = [
    'Model',
    'Requests',
    'Cost',
    'First token p50',
    'p95',
    'Tokens/s',
    'Errors',
    'Throttled',
    'Fallbacks',
    'Price of 1 M read / written',
    'Ends',
  ];
  return scroll(
    'models',
    html`<table><thead>${headRow(heads)}</thead><tbody>${lines.map(
      ({ model, use, price, endOfLife }) => html`<tr>
<th scope="row">${model === '-' ? 'No model answered' : model}</th><td>${count(use.requests)}</td><td>${dollars(use.costPico, use.unpriced)}</td>
<td>${milliseconds(firstTokenMs(use, 0.5))}</td><td>${milliseconds(firstTokenMs(use, 0.95))}</td><td>${rate(tokensPerSecond(use))}</td>
<td>${share(failedShare(use))}</td><td>${count(use.throttled)}</td><td>${count(use.fallbacks)}</td>
<td>${price ? html`${perMillion(price.input)} / ${perMillion(price.output)} <small>${price.scope} ${price.from}</small>` : html`<small>no known price</small>`}</td><td>${endOfLife ?? '–'}</td></tr>`,
    )}</tbody></table>${lines.length === 0 && html`<p class="note">Nothing was used.</p>`}`,
  );
}

const perMillion = (usd: string | null): string =>
  usd === null ? '–' : `$${Number((Number(usd) * 1e6).toFixed(6))}`;

const headRow = (heads: readonly string[]): Html =>
  html`<tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr>`;
