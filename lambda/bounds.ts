import { badRequest, GatewayError } from './errors.ts';
import { field, note, written } from './fields.ts';

/**
 * What one request of a client may cause at most, whatever stands in it. Without these a small request could
 * become a large one: an image named a hundred times, a sealed state that unpacks 300-fold, eight answers from
 * eight models tried three times each. All are bounds of the request, not of an item in it.
 */
export const bounds = {
  /**
   * Bytes that a request may send to Bedrock at once, in all its parallel calls together. Bedrock takes 20 to
   * 25 MB in one call, so a request beyond this could not be answered anyway.
   */
  upstreamBytes: 25_000_000,
  /**
   * Calls to Bedrock: answers × fallback models × regions × retries × repairs. The widest sensible request
   * (eight answers of a model that is busy, and of one to fall back to) takes 48.
   */
  upstreamCalls: 64,
  /**
   * Characters of an id that becomes the key of a Map. V8 hashes a string of more than 16,383 characters by
   * its length alone, so that a thousand of those in one Map take seconds. Longer ids get a short stand-in.
   */
  idCharacters: 512,
  /** Characters of the name of a tool, for the same reason. Bedrock's limit is 64; longer names get an alias. */
  nameCharacters: 1024,
  /** Calls that the arguments of one call may be split into: models have been seen to run up to ten into one. */
  callsInOne: 64,
  /** URLs that are fetched. Claude takes 20 images in a request to Bedrock. */
  fetchedUrls: 20,
  /** Characters of a URL: what servers and browsers take. */
  urlCharacters: 8192,
  /** Bytes of one downloaded file. Most models take images of less than 4 MB. */
  downloadBytes: 8 << 20,
  /** Bytes of all downloads together: as base64, a third more, they fill what Bedrock takes. */
  downloadedBytes: 18_000_000,
  /** Characters of an id that carries reasoning. Clients have returned 12 kB unchanged. */
  sealedIdCharacters: 8192,
  /** Bytes that one sealed state may unpack to; 8,192 characters hold some 20 kB of real reasoning. */
  stateBytes: 1 << 18,
  /** Bytes that the sealed summary of a conversation may unpack to: more than any model writes in one answer. */
  summaryBytes: 1 << 21,
  /** Tokens in place of texts, in one request for embeddings: OpenAI's own limit. */
  embeddingTokens: 300_000,
  /** Fallbacks that a request may list; the chain that is tried is shorter still (`policy/chains.ts`). */
  fallbacks: 50,
} as const;

/** What a request sends, adds up to: each part that is fetched, unpacked or repeated is counted as often as it goes out. */
export class ByteBudget {
  #left: number;
  readonly #times: number;

  /** `times`: how many calls with the same content are made at once. */
  constructor(times = 1, bytes: number = bounds.upstreamBytes) {
    this.#left = bytes;
    this.#times = times;
  }

  /** Throws a 413 when the request has become too large. `param`: the path of what was counted, as the client wrote it. */
  spend(bytes: number, param?: string): void {
    this.#left -= bytes * this.#times;
    if (this.#left < 0) throw tooMuch(this.#times, param);
  }
}

function tooMuch(times: number, param: string | undefined): GatewayError {
  const answers = times > 1 ? note`, asked ${times} times at once (\`${field('answers')}\`),` : '';
  return new GatewayError({
    status: 413,
    reason: 'bad_request',
    code: 'request_too_large',
    ...(param !== undefined && { param: written(param) }),
    message:
      note`The request${answers} is too large for Amazon Bedrock: with everything that is fetched, unpacked or repeated ` +
      `for it, it has more than ${bounds.upstreamBytes} bytes. Send fewer or smaller images and files, ` +
      `${times > 1 ? 'ask for fewer answers, ' : ''}or refer to files by s3://.`,
  });
}

/** The calls that a request has left. All of its answers, models, regions and retries draw on the same ones. */
export class CallBudget {
  readonly calls: number;
  #made = 0;

  constructor(calls: number = bounds.upstreamCalls) {
    this.calls = calls;
  }

  get left(): number {
    return this.calls - this.#made;
  }

  get isEmpty(): boolean {
    return this.left <= 0;
  }

  /** Throws a 503 when no call is left. */
  take(): void {
    if (this.isEmpty) throw callsUsedUp(this.calls);
    this.#made += 1;
  }
}

function callsUsedUp(calls: number): GatewayError {
  return new GatewayError({
    status: 503,
    reason: 'calls_used_up',
    code: 'calls_used_up',
    message: note`The request has caused ${calls} calls to Amazon Bedrock without an answer, the most that one request may cause. Ask for fewer answers (\`${field('answers')}\`) or name fewer fallback models.`,
  });
}

/** Throws a 400 for a text that is longer than `limit` characters. `param`: its path as the client wrote it. */
export function checkLength(text: string, limit: number, param: string): string {
  if (text.length <= limit) return text;
  throw badRequest(
    `Invalid value for '${param}': it has ${text.length} characters; at most ${limit} are taken.`,
    written(param),
  );
}
