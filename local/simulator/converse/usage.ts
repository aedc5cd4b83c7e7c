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

/** What a call costs; cached tokens are not among `input`. */
export interface Counted {
  input: number;
  output: number;
  read: number;
  /** Written to the cache, by time to live, the hour first. */
  written: { ttl: string; tokens: number }[];
}

const nothing: Counted = { input: 0, output: 0, read: 0, written: [] };

/**
 * Tokens of a call. A prefix that ends in a cache point is written the first time and read afterwards. To be asked
 * once a call: it notes what has been written.
 */
export function countUsage(request: ConverseRequest, answer: Answer, call: Call): Counted {
  if (answer.blocked) return nothing;
  const total = estimateTokens(request);
  const output = tokensOfAnswer(answer.blocks);
  const { caching } = call.model.family;
  if (!caching) return { ...nothing, input: total, output };
  const points = checkpoints(request, call.modelId).filter(({ tokens }) => tokens >= caching.minTokens);
  const read = points.findLast(({ key }) => call.world.isCached(key))?.tokens ?? 0;
  const written = points.filter(({ tokens }) => tokens > read);
  for (const { key } of written) call.world.cache(key);
  const end = written.at(-1)?.tokens ?? read;
  return { input: total - end, output, read, written: byTtl(written, read) };
}

function byTtl(written: readonly Checkpoint[], read: number): Counted['written'] {
  const tokens = new Map<string, number>();
  let from = read;
  for (const point of written) {
    tokens.set(point.ttl, (tokens.get(point.ttl) ?? 0) + point.tokens - from);
    from = point.tokens;
  }
  return ['1h', '5m'].flatMap((ttl) => (tokens.has(ttl) ? [{ ttl, tokens: tokens.get(ttl)! }] : []));
}

export const writtenTokens = ({ written }: Counted): number =>
  written.reduce((sum, { tokens }) => sum + tokens, 0);

/** As Converse puts it: `totalTokens` has cached tokens too (recorded). */
export function usageOf(request: ConverseRequest, answer: Answer, call: Call): Usage {
  const counted = countUsage(request, answer, call);
  const { input, output, read } = counted;
  const totalTokens = input + read + writtenTokens(counted) + output;
  const usage = { inputTokens: input, outputTokens: output, totalTokens };
  if (answer.blocked || !call.model.family.caching) return usage;
  return { ...usage, ...cacheFields(counted, call.operation === 'converse-stream') };
}

/** Both spellings; streams leave them out where nothing was cached (recorded). */
function cacheFields(counted: Counted, streams: boolean) {
  const { read, written } = counted;
  const write = writtenTokens(counted);
  if (streams && read + write === 0) return { serverToolUsage: {} };
  const details = written.map(({ ttl, tokens }) => ({ ttl, inputTokens: tokens }));
  return {
    cacheReadInputTokens: read,
    cacheReadInputTokenCount: read,
    cacheWriteInputTokens: write,
    cacheWriteInputTokenCount: write,
    ...(details.length > 0 && { cacheDetails: details }),
    serverToolUsage: {},
  };
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
