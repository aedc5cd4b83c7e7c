import { callCost } from '../accounting/costs.ts';
import { isModelThere } from '../accounting/model-there.ts';
import type { RequestRecord } from '../accounting/record.ts';
import { addTokens, noTokens, type TokenCounts } from '../accounting/tokens.ts';
import type { UpstreamCall } from '../accounting/trace.ts';
import type { Pricing } from '../prices/types.ts';
import { keyOf, type Update } from '../store/types.ts';
import { bucketsMs } from './use.ts';

/**
 * What was used in a day, by key and model: one item each, in a partition of the day, so that thirty days are thirty
 * queries of a few KB. Everything in it is added to, never read before it is written.
 */
export interface DayUse {
  key: string;
  record: RequestRecord;
  calls: readonly UpstreamCall[];
  /** Epoch milliseconds. */
  at: number;
  pricing: Pricing;
}

const keptDays = 400;
const dayMs = 86_400_000;
/** Of one request; more of them is a technique gone astray, and a write each. */
const mostModels = 16;

export const dayKey = (at: number): string => `DAY#${new Date(at).toISOString().slice(0, 10)}`;

/**
 * One change for each model that was called. The request itself counts for the model that was called last, and not for a
 * guardrail that has looked at the answer.
 */
export function dayUpdates({ key, record, calls, at, pricing }: DayUse): Update[] {
  const byModel = Map.groupBy(calls, (call) => modelOf(call, pricing));
  const last = calls.findLast(({ isGuardrail }) => !isGuardrail) ?? calls.at(-1);
  return [...byModel].slice(-mostModels).map(([model, own]) => {
    const counters = {
      ...callCounters(own, pricing),
      ...(last && modelOf(last, pricing) === model && requestCounters(record, last)),
    };
    const added = Object.entries(counters).filter(([, value]) => value);
    return {
      key: keyOf(dayKey(at), `${key}#${model}`),
      expression: `SET expiresAt = :expiresAt, lastAt = :lastAt ADD ${added.map(([name]) => `${name} :${name}`).join(', ')}`,
      values: {
        ':lastAt': { N: String(at) },
        ':expiresAt': { N: String(Math.floor(at / 1000) + (keptDays * dayMs) / 1000) },
        ...Object.fromEntries(added.map(([name, value]) => [`:${name}`, { N: String(value) }])),
      },
    };
  });
}

/**
 * The foundation model where it is known: its profiles are the same model. What may be nothing but a name that a client
 * has written has no item of its own, unless the price table has it.
 */
function modelOf(call: UpstreamCall, pricing: Pricing): string {
  const isKnown = isModelThere(call) || isInTable(call, pricing);
  return isKnown ? (call.underlying ?? call.modelId).slice(0, 256) : noModel;
}

/** The price table has models that there are; patterns of the settings fit any name. */
function isInTable(
  { tokens, units, modelId, underlying, region, startedAt }: UpstreamCall,
  pricing: Pricing,
) {
  if (!tokens && !units) return false;
  const model = { modelId, underlying, region, at: startedAt };
  const cost = units ? pricing.units(model, units) : pricing.cost(model, { ...noTokens, input: 1 });
  return cost.pico !== null && cost.priced !== 'override';
}

/** In place of a model's name. */
export const noModel = '-';

/** Money as the record of the request has it: what is not known is counted, and not in the sum. */
function callCounters(calls: readonly UpstreamCall[], pricing: Pricing): Record<string, number | bigint> {
  let tokens: TokenCounts = noTokens;
  let [pico, unpriced, unmetered, writingMs, images] = [0n, 0, 0, 0, 0];
  for (const call of calls) {
    const cost = callCost(call, pricing);
    if (cost.pico === null) unpriced += 1;
    else pico += cost.pico;
    const { tokens: own, estimated, units, startedAt: at } = call;
    if (units?.unit === 'perImage') images += units.count;
    if (!own) continue;
    tokens = addTokens(tokens, own);
    writingMs += Math.max(0, (call.endedAt ?? at) - at);
    if (estimated) unmetered += 1;
  }
  const { input, output, cacheRead, cacheWrite, cacheWriteLong } = tokens;
  const counted = { inputTokens: input, outputTokens: output, cacheReadTokens: cacheRead };
  return {
    bedrockCalls: calls.length,
    ...counted,
    cacheWriteTokens: cacheWrite,
    cacheWriteLongTokens: cacheWriteLong,
    costPico: pico,
    unpriced,
    unpricedRequests: unpriced > 0 ? 1 : 0,
    unmetered,
    writingMs,
    images,
  };
}

function requestCounters(
  { status = 0, errorReason, totalMs, attempts = 1 }: RequestRecord,
  last: UpstreamCall,
) {
  const firstMs = last.firstEventAt === undefined ? undefined : last.firstEventAt - last.startedAt;
  const isClass = (from: number) => (status >= from && status < from + 100 ? 1 : 0);
  return {
    requests: 1,
    clientErrors: isClass(400),
    serverErrors: isClass(500),
    fallbacks: attempts > 1 ? 1 : 0,
    throttled: errorReason === 'throttled' ? 1 : 0,
    brokenStreams: status === 200 && errorReason !== undefined && errorReason !== 'aborted' ? 1 : 0,
    ...(firstMs !== undefined && { [`firstToken${bucketOf(firstMs)}`]: 1 }),
    ...(totalMs !== undefined && { [`total${bucketOf(totalMs)}`]: 1 }),
  };
}

function bucketOf(ms: number): number {
  const bucket = bucketsMs.findIndex((most) => ms <= most);
  return bucket === -1 ? bucketsMs.length : bucket;
}
