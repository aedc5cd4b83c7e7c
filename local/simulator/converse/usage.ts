import { createHash } from 'node:crypto';
import type { Answer } from '../answer/answer.ts';
import { estimateTokens, tokensOfAnswer, tokensOfBlock, tokensOfText } from '../answer/tokens.ts';
import type { Call } from '../operation.ts';
import { type CachePoint, type ConverseRequest, textOfBlock } from './request.ts';

export interface Usage {
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  [field: string]: unknown;
}

interface Checkpoint {
  key: string;
  /** From the beginning of the request to here. */
  tokens: number;
  ttl: string;
}

/**
 * Tokens of a call. A prefix that ends in a cache point is written the first time and read afterwards;
 * `inputTokens` leaves cached tokens out, `totalTokens` has them all (recorded).
 */
export function usageOf(request: ConverseRequest, answer: Answer, call: Call): Usage {
  if (answer.blocked) return { inputTokens: 0, outputTokens: 0, totalTokens: 0 };
  const total = estimateTokens(request);
  const outputTokens = tokensOfAnswer(answer.blocks);
  const { caching } = call.model.family;
  if (!caching) return { inputTokens: total, outputTokens, totalTokens: total + outputTokens };
  const points = checkpoints(request, call.modelId).filter(({ tokens }) => tokens >= caching.minTokens);
  const read = points.findLast(({ key }) => call.world.isCached(key))?.tokens ?? 0;
  const written = points.filter(({ tokens }) => tokens > read);
  for (const { key } of written) call.world.cache(key);
  const write = (written.at(-1)?.tokens ?? read) - read;
  return {
    inputTokens: total - read - write,
    outputTokens,
    totalTokens: total + outputTokens,
    ...cacheFields(read, write, cacheDetails(written, read), call.operation === 'converse-stream'),
  };
}

/** Both spellings; streams leave them out where nothing was cached (recorded). */
function cacheFields(read: number, write: number, details: object[], streams: boolean) {
  if (streams && read + write === 0) return { serverToolUsage: {} };
  return {
    cacheReadInputTokens: read,
    cacheReadInputTokenCount: read,
    cacheWriteInputTokens: write,
    cacheWriteInputTokenCount: write,
    ...(details.length > 0 && { cacheDetails: details }),
    serverToolUsage: {},
  };
}

/** What was written, by time to live, the hour first. */
function cacheDetails(written: readonly Checkpoint[], read: number) {
  const byTtl = new Map<string, number>();
  let from = read;
  for (const { tokens, ttl } of written) {
    byTtl.set(ttl, (byTtl.get(ttl) ?? 0) + tokens - from);
    from = tokens;
  }
  return ['1h', '5m'].flatMap((ttl) => (byTtl.has(ttl) ? [{ ttl, inputTokens: byTtl.get(ttl) }] : []));
}

function checkpoints(
  { toolConfig, system = [], messages = [] }: ConverseRequest,
  modelId: string,
): Checkpoint[] {
  const hash = createHash('sha256').update(modelId);
  const points: Checkpoint[] = [];
  let tokens = 0;
  const add = (block: { cachePoint?: CachePoint }, cost: number) => {
    tokens += cost;
    if (block.cachePoint)
      points.push({ key: hash.copy().digest('hex'), tokens, ttl: block.cachePoint.ttl ?? '5m' });
    else hash.update(JSON.stringify(block));
  };
  for (const tool of toolConfig?.tools ?? [])
    add(tool, tool.cachePoint ? 0 : tokensOfText(JSON.stringify(tool)));
  for (const block of system) add(block, tokensOfText(textOfBlock(block)));
  for (const { role, content } of messages) {
    hash.update(role);
    for (const block of content) add(block, tokensOfBlock(block));
  }
  return points;
}
