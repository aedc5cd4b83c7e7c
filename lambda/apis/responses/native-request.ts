import { ByteBudget } from '../../bounds.ts';
import { isObject, list } from '../../canonical/json.ts';
import type { NativeRequest, NativeSettings } from '../../canonical/native.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { inlined, typedFile } from '../content/inlined.ts';
import { openResultId } from '../reasoning/sealed-id.ts';
import { bedrockOwn } from '../shared/bedrock-extensions.ts';
import type { Fields } from '../shared/json.ts';
import { bedrockParameters } from '../shared/schema.ts';
import { isCompaction, summaryText } from './compaction.ts';
import { type FromStore, itemPath } from './item-path.ts';
import type { AskedResponse, TranslateOptions } from './request.ts';
import { isSealed, openText } from './sealed.ts';

/** Members of a client's body that are said in another way to Bedrock, or to the gateway alone. */
const elsewhere: ReadonlySet<string> = new Set([
  'model',
  'stream',
  'models',
  'fallbacks',
  'prompt',
  'previous_response_id',
  'conversation',
  'service_tier',
  'anthropic_beta',
  ...Object.keys(bedrockParameters),
]);

/**
 * The client's own request for a model that speaks Responses. Undefined where only the gateway can do what is wanted:
 * summaries, managed prompts, references to items that a call carries, texts that are marked for a guardrail. `given`:
 * the body as the client wrote it; it has been checked. Throws a 413 for media that are too much.
 */
export function nativeRequest(
  given: Fields,
  { request, stored }: AskedResponse,
  options: TranslateOptions,
): NativeRequest | undefined {
  const own = bedrockOwn({ ...request, metadata: undefined }, {});
  const { additionalModelRequestFields, additionalModelResponseFieldPaths, promptVariables } = own;
  if (additionalModelRequestFields ?? additionalModelResponseFieldPaths ?? promptVariables) return undefined;
  if (request.prompt || list(given.input).some(isOnlyConverses)) return undefined;
  const { guardrailConfig, performanceConfig, requestMetadata } = own;
  // As the client wrote it: models have tiers for which Converse has no name.
  const tier = request.serviceTier?.type ?? request.service_tier ?? 'auto';
  const settings: NativeSettings = {
    ...(guardrailConfig && { guardrailConfig }),
    ...(performanceConfig && { performanceConfig }),
    ...(requestMetadata && { requestMetadata }),
    ...(tier !== 'auto' && { serviceTier: { type: tier } }),
  };
  const { body, lost } = new NativeBody(given, request, options, stored);
  return { api: 'responses', body, lost, betas: [], settings };
}

/** OpenAI takes references without a type. */
const isReference = ({ type, role }: Fields): boolean =>
  type === 'item_reference' || (type == null && role === undefined);

function isOnlyConverses(item: Fields): boolean {
  if (item.type === 'compaction_trigger') return true;
  if (isReference(item)) return true;
  return list(item.content).some(({ type }) => type === 'guarded_text');
}

/** The body as it was written, with files in place of their URLs and without what only this gateway can read. */
class NativeBody {
  readonly body: JsonObject;
  readonly #options: TranslateOptions;
  readonly #bytes = new ByteBudget();
  readonly #stored: FromStore | undefined;
  #lostReasoning = 0;
  #lostSummaries = 0;

  constructor(
    given: Fields,
    { reasoning, text }: AskedResponse['request'],
    options: TranslateOptions,
    stored: FromStore | undefined,
  ) {
    this.#options = options;
    this.#stored = stored;
    this.#bytes.spend(options.bodyBytes ?? 0);
    const kept = Object.entries(given).filter(([name]) => !elsewhere.has(name));
    this.body = {
      ...Object.fromEntries(kept),
      // An item may have changed them.
      ...(reasoning && { reasoning }),
      ...(text && { text }),
      input: Array.isArray(given.input) ? given.input.flatMap((item, i) => this.#item(item, i)) : given.input,
    } as JsonObject;
  }

  get lost(): string[] {
    const why = 'it can be read by other models, or not any more';
    return [
      ...(this.#lostReasoning > 0
        ? [`the reasoning of ${this.#lostReasoning} item(s) is left out: ${why}`]
        : []),
      ...(this.#lostSummaries > 0
        ? [`the summary of ${this.#lostSummaries} compaction item(s) is left out: ${why}`]
        : []),
    ];
  }

  #item(given: unknown, index: number): Json[] {
    if (!isObject(given)) return [given as Json];
    const path = itemPath(index, this.#stored);
    const { encrypted_content: encrypted } = given;
    const isOurs = typeof encrypted === 'string' && isSealed(encrypted);
    if (given.type === 'configuration_update') return [];
    // A summary alone is no reasoning.
    if (given.type === 'reasoning' && (isOurs || typeof encrypted !== 'string')) {
      if (isOurs) this.#lostReasoning += 1;
      return [];
    }
    if (isCompaction(given.type) && isOurs) return this.#summary(encrypted);
    const item: Fields = { ...given };
    if (typeof item.call_id === 'string') item.call_id = openResultId(item.call_id, this.#options.stateKey);
    for (const member of ['content', 'output'] as const) {
      const parts = item[member];
      if (Array.isArray(parts))
        item[member] = parts.map((part, i) => this.#part(part, `${path}.${member}[${i}]`));
    }
    return [item as JsonObject];
  }

  #summary(sealed: string): Json[] {
    const summary = openText(sealed, this.#options.stateKey, this.#bytes);
    if (summary !== undefined) return [{ type: 'message', role: 'user', content: summaryText(summary) }];
    this.#lostSummaries += 1;
    return [];
  }

  /** Bedrock fetches nothing: images and files by URL are put in. */
  #part(given: unknown, path: string): unknown {
    if (!isObject(given)) return given;
    const { image_url: image, file_url: file, file_data: data, filename } = given;
    const { fetched } = this.#options;
    const url = isObject(image) ? image.url : image;
    if (typeof url === 'string') {
      return { ...given, image_url: this.#inlined(url, 'image', `${path}.image_url`) };
    }
    if (typeof data === 'string') return { ...given, file_data: typedFile(data, filename) };
    if (typeof file !== 'string' || !fetched.has(file)) return given;
    const { file_url: _, ...part } = given;
    return { filename: 'document', ...part, file_data: this.#inlined(file, 'document', `${path}.file_url`) };
  }

  #inlined(url: string, kind: 'image' | 'document', path: string): string {
    return inlined(url, kind, path, { fetched: this.#options.fetched, bytes: this.#bytes });
  }
}
