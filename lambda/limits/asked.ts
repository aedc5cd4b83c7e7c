import type { Gated } from '../accounting/gate.ts';
import { tierOf } from '../accounting/meter.ts';
import { estimateInputTokens } from '../canonical/input-tokens/estimate.ts';
import { isObject, list, type Members, members, text } from '../canonical/json.ts';
import type { NativeApi, NativeRequest } from '../canonical/native.ts';
import type { ConverseRequest } from '../canonical/types.ts';
import type { Bound } from '../prices/types.ts';

/** What a call may come to at most, as it is asked. */
export interface AskedTokens extends Bound {
  /** Of its input, what can be seen of it: without the length of files that do not say it. */
  visible: number;
  /** How often the model may read and write so much: once more where it may compact the conversation first. */
  samplings: 1 | 2;
  /** About how much its input is, pictures and documents included. */
  likely: number;
  /** The service tier asked for. */
  tier: string | undefined;
  /** Whether the call says how much may be written, so that it can say less. */
  isCapped: boolean;
  /** Of what it says, how much the model may think before it answers. */
  thinking: number;
}

/** The kinds of calls, by the members that each has: a conversation in either shape, or texts to embed. */
export type AnyCall = Gated & {
  request?: ConverseRequest;
  native?: NativeRequest;
  texts?: readonly string[];
};

/** Written at most where neither the request nor the model's family says how much. */
const usualOutput = 32_768;
/** Read at most where the model's family does not say how much. */
const longestContext = 1_000_000;
/** A token of text has three bytes or more, but for scripts and symbols that come as bytes. */
const bytesPerToken = 3;
/** The most that any family makes of an image; documents are in the other estimate. */
const imageTokens = 4800;

/** Undefined: the call writes and reads nothing that is charged by the token. */
export function askedTokens(call: AnyCall): AskedTokens | undefined {
  const { target, request, native, texts } = call;
  if (texts) {
    const input = texts.reduce((sum, each) => sum + Math.ceil(Buffer.byteLength(each) / bytesPerToken), 0);
    const none = { cacheWrite: undefined, tier: undefined, isCapped: false, thinking: 0 };
    return { input, visible: input, likely: 0, output: 0, samplings: 1, ...none };
  }
  const body = (native?.body ?? request) as Members | undefined;
  const { capabilities } = target;
  if (!body || !capabilities) return undefined;
  const cap = capOf(call);
  const { tokens, isEndless } = boundByBytes(body);
  const likely = estimateInputTokens(body, capabilities.tokenizer);
  const estimated = Math.max(tokens, likely);
  const window = asksForLongContext(body) ? undefined : capabilities.contextTokens;
  const visible = Math.min(estimated, window ?? estimated);
  return {
    input: isEndless ? Math.max(visible, window ?? longestContext) : visible,
    visible,
    likely: Math.min(likely, visible),
    samplings: mayCompact(body) ? 2 : 1,
    output: cap ?? capabilities.maxOutputTokens ?? usualOutput,
    cacheWrite: cacheWriteOf(body, capabilities.caching !== undefined),
    tier: tierOf(native?.settings ?? request ?? {}),
    isCapped: cap !== undefined,
    thinking: thinkingOf(body),
  };
}

/** How each shape says how much may be written. */
function capOf({ request, native }: AnyCall): number | undefined {
  const cap = native ? native.body[capName(native)] : request?.inferenceConfig?.maxTokens;
  return typeof cap === 'number' ? cap : undefined;
}

const capNames: Readonly<Record<NativeApi, string>> = {
  messages: 'max_tokens',
  responses: 'max_output_tokens',
  chat: 'max_completion_tokens',
};
const capName = ({ api }: NativeRequest): string => capNames[api];

/** The same call, in which less may be written. What it was made of is not changed. */
export function lowered<Call extends AnyCall>(call: Call, output: number): Call {
  const { request, native } = call;
  if (native) return { ...call, native: { ...native, body: { ...native.body, [capName(native)]: output } } };
  const inferenceConfig = { ...request?.inferenceConfig, maxTokens: output };
  return { ...call, request: { ...request, inferenceConfig } };
}

/** Claude's thinking budget has to be less than what may be written. */
function thinkingOf(body: Members): number {
  const { reasoning_config: config, thinking } = members(body.additionalModelRequestFields);
  const { budget_tokens: budget } = members(body.thinking ?? thinking ?? config);
  return typeof budget === 'number' ? budget : 0;
}

/** By an edit at a number of tokens, or at once; both are of the Messages API. */
const mayCompact = ({ context_management: management, compaction }: Members): boolean =>
  isObject(compaction) ||
  list(members(management).edits).some(({ type }) => text(type)?.startsWith('compact_'));

/** With this flag some models read more than their own window has. */
function asksForLongContext({ anthropic_beta: native, additionalModelRequestFields }: Members): boolean {
  const flags = native ?? members(additionalModelRequestFields).anthropic_beta;
  return Array.isArray(flags) && flags.some((flag) => text(flag)?.startsWith('context-1m-'));
}

/**
 * The longest lifetime that anything is to be kept in the cache for, wherever the mark stands. Models without cache points
 * keep what they like: of these a write is always reckoned with.
 */
function cacheWriteOf(body: Members, byPoints: boolean): Bound['cacheWrite'] {
  let found: Bound['cacheWrite'] = byPoints ? undefined : '5m';
  const pending: unknown[] = [body];
  while (pending.length > 0) {
    const part = pending.pop();
    if (typeof part !== 'object' || part === null) continue;
    const { cachePoint, cache_control: control } = part as Members;
    const mark = cachePoint ?? control;
    if (mark !== undefined) {
      if (members(mark).ttl === '1h') return '1h';
      found = '5m';
    }
    for (const member of Object.values(part)) if (typeof member === 'object') pending.push(member);
  }
  return found;
}

/**
 * Tokens by the bytes of all text, names and JSON included, with files at the most that a model makes of them. `isEndless`:
 * one does not say how long it is. One pass. Within tools, schemas and the arguments of calls there are no files: what looks like one there is text.
 */
export function boundByBytes(value: unknown): { tokens: number; isEndless: boolean } {
  let bytes = 0;
  let files = 0;
  let isEndless = false;
  const pending: [value: unknown, mayHoldFiles: boolean][] = [[value, true]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [part, mayHoldFiles] = next;
    if (typeof part === 'string') bytes += Buffer.byteLength(part) + 2;
    else if (Array.isArray(part)) for (const item of part) pending.push([item, mayHoldFiles]);
    else if (isObject(part)) {
      for (const [name, member] of Object.entries(part)) {
        bytes += Buffer.byteLength(name) + 3;
        isEndless ||= mayHoldFiles && hidesLength(name, member);
        const tokens = mayHoldFiles ? tokensOfFile(name, member, part) : undefined;
        if (tokens !== undefined) files += tokens;
        else pending.push([member, mayHoldFiles && !isWithoutFiles(name, member)]);
      }
    } else bytes += (JSON.stringify(part)?.length ?? 0) + 1;
  }
  return { tokens: Math.ceil(bytes / bytesPerToken) + files, isEndless };
}

const withoutFiles: ReadonlySet<string> = new Set([
  'tools',
  'toolConfig',
  'additionalModelRequestFields',
  'outputConfig',
  'output_config',
]);

/** The arguments of a call are an object; the `input` of Responses is a list or a text. */
const isWithoutFiles = (name: string, member: unknown): boolean =>
  withoutFiles.has(name) || (name === 'input' && isObject(member));

const base64 = /^(?:data:[\w.+-]+\/[\w.+-]+;base64,)?[A-Za-z0-9+/_-]{256}/;

/** `%PDF` in base64. */
const isPdf = /^(?:data:[^,]{1,100},)?JVBER/;

/**
 * Of a member that holds a file as one of the APIs has it; a PDF by its size, as `input-tokens/media.ts` does, and what
 * is none by its bytes, since it is read as text.
 */
function tokensOfFile(name: string, member: unknown, parent: Members): number | undefined {
  const content = text(member);
  if (content === undefined || !base64.test(content)) return undefined;
  if (name === 'file_data') {
    const bytes = content.length * 0.75;
    return Math.ceil(isPdf.test(content) ? 3000 + bytes / 20 : bytes / bytesPerToken);
  }
  const isImage =
    (name === 'bytes' && Object.keys(parent).length === 1) ||
    (name === 'data' && parent.type === 'base64') ||
    (name === 'image_url' && parent.type === 'input_image') ||
    (name === 'url' && parent.type === undefined && content.startsWith('data:image/'));
  return isImage ? imageTokens : undefined;
}

/** Recordings, whose length stands deep within them, and what lies in S3, but for images, which are never large. */
function hidesLength(name: string, member: unknown): boolean {
  const { format, source } = members(member);
  if (format === undefined || !isObject(source)) return false;
  const isRecording = name === 'video' || name === 'audio';
  return source.s3Location !== undefined ? name !== 'image' : isRecording && source.bytes !== undefined;
}
