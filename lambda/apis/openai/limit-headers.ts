import type { LimitView, Rate } from '../../limits/view.ts';

/**
 * What is left of a key's limits, as OpenAI says it
 * (https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers). `at`: epoch milliseconds.
 */
export function openAiLimitHeaders({ requests, tokens }: LimitView, at: number): Record<string, string> {
  return { ...rateHeaders('requests', requests, at), ...rateHeaders('tokens', tokens, at) };
}

function rateHeaders(name: string, rate: Rate | undefined, at: number): Record<string, string> {
  if (!rate) return {};
  return {
    [`x-ratelimit-limit-${name}`]: String(rate.limit),
    [`x-ratelimit-remaining-${name}`]: String(rate.remaining),
    [`x-ratelimit-reset-${name}`]: duration(rate.resetsAt - at),
  };
}

/** As Go prints one: `12ms`, `1s`, `6m0s`, `1h0m0s`. */
export function duration(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms));
  if (whole < 1000) return `${whole}ms`;
  const [hours, minutes] = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60];
  const seconds = (whole % 60_000) / 1000;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}
