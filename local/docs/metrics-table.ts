import { ofEachModel, totals } from '../../lambda/accounting/metrics.ts';

/** What the function's metrics count, for the documentation. */
const about: Record<keyof typeof totals | keyof typeof ofEachModel, string> = {
  Requests: 'All requests with an answer, of any kind; not `/health`.',
  Errors4xx: 'Answered with 400 to 499, throttled ones included.',
  Errors5xx: 'Answered with 500 to 599.',
  Throttled: 'Refused because Bedrock throttles, or because its quota is used up, through all retries.',
  StreamFailed: 'Streams that ended with an error after their status 200.',
  Failed: '`Errors5xx` and `StreamFailed` together.',
  FirstTokenMs: 'Milliseconds from the request’s arrival to the first event of the model, of streams.',
  DurationMs: 'Milliseconds from the request’s arrival to its last byte.',
  InputTokens: 'Tokens read by models, without those from the cache.',
  OutputTokens: 'Tokens written by models.',
  CacheReadTokens: 'Tokens that the cache gave.',
  CostUsd: 'US dollars by the gateway’s price table.',
  Unpriced: 'Requests of which something has no known price.',
  Unmetered: 'Requests whose tokens are an estimate, because Bedrock has not said them.',
  BudgetRefused: 'Requests that a limit or budget of their key refused.',
};

/** The metrics as a Markdown table. */
export function metricsTable(): string {
  const rows = (Object.keys(about) as (keyof typeof about)[]).map((name) => {
    const sets = [name in totals && 'all', name in ofEachModel && 'each model'].filter(Boolean);
    return `| \`${name}\` | ${sets.join(', ')} | ${about[name]} |`;
  });
  return ['| Metric | Of | |', '|---|---|---|', ...rows].join('\n');
}
