import type { StateKey } from '../../auth/state-key.ts';
import type { BatchRecord } from '../../engine/batch-record.ts';
import type { Caller, ModelRequest, RequestContext, WholeAnswer } from '../../engine/types.ts';
import type { GatewayError } from '../../errors.ts';
import { written } from '../../fields.ts';
import type { Target } from '../../models/target.ts';
import { mayAsk } from '../../techniques/recognise.ts';
import type { TechniqueSettings } from '../../techniques/select.ts';
import type { ChatApi, ServedRequest } from '../api.ts';
import { badRequest, unsupported } from '../shared/bad-request.ts';
import type { Fields } from '../shared/json.ts';
import { inClientWords, spelledNotes } from '../shared/spelling.ts';

/** An API that requests of a batch may be written for; what it makes of them is its own business. */
export type AnyChatApi = ChatApi<ServedRequest>;

/** What requests are made records with. */
export interface RecordDeps {
  /** For a caller: with what his key says of every request. */
  record(request: ModelRequest, target: Target, caller: Caller): Promise<BatchRecord>;
  aliases: TechniqueSettings['aliases'];
}

/** One request of a batch, whose parameters are known. */
export interface BatchRequest {
  model: string;
  /** Translates it. Throws a 400 or 413 in the client's words. */
  translated(): ServedRequest;
  /** As a record of a job for the model, with what is to be told of it in the client's words. */
  record(
    target: Target,
    context: Pick<RequestContext, 'caller'>,
  ): Promise<{ record: BatchRecord; notes: Notes }>;
}

export interface Notes {
  warnings: readonly string[];
  ignored: readonly string[];
}

/** Throws a 400 that names the parameter, in the client's words. */
export function readBatchRequest(
  api: AnyChatApi,
  body: Fields,
  stateKey: StateKey,
  deps: RecordDeps,
): BatchRequest {
  if (mayAsk(body, deps.aliases))
    throw unsupported(
      'Optimisation techniques make several calls of one request, and a batch makes one.',
      'model',
    );
  const { asked, stream, urls, spell, read } = api.begin(body, new Headers());
  if (stream) throw unsupported('An answer of a batch is not streamed: leave `stream` out.', 'stream');
  if (urls.length > 0)
    throw badRequest('A batch fetches no files by URL: send them as base64, in a data URL or the like.');
  const translated = () => read({ stateKey, fetched: new Map(), bodyBytes: 0 });
  return {
    model: asked.model,
    translated,
    record: (target, { caller }) =>
      inClientWords(spell, async () => {
        const request = translated();
        if (request.n > 1) throw unsupported('A batch gives one answer to each request.', 'n');
        const record = await deps.record(request.model, target, caller);
        const told = spelledNotes(record, spell);
        return {
          record,
          notes: {
            warnings: [...request.warnings, ...told.warnings, ...withoutFallbacks(asked.fallbacks)],
            ignored: [...request.ignored, ...told.ignored],
          },
        };
      }),
  };
}

const withoutFallbacks = (fallbacks: readonly string[] = []): string[] =>
  fallbacks.length > 0 ? ['a batch has no models to fall back to'] : [];

/** An answer in the form of its API. */
export function renderAnswer(
  api: AnyChatApi,
  whole: WholeAnswer,
  head: { requestId: string; createdAt: number; model: string },
  request: ServedRequest,
): object {
  if (!whole.native) return api.answer([whole.answer], { ...head, now: () => head.createdAt }, request);
  if (!api.nativeAnswer) throw new Error('unreachable: only an API with native answers has native requests');
  return api.nativeAnswer(whole.native, head, request);
}

/** Different things that are told of the requests of a batch: each once, and not more than a header holds. */
export class ToldOnce {
  readonly warnings = new Set<string>();
  readonly ignored = new Set<string>();

  add({ warnings, ignored }: Notes): void {
    for (const text of warnings) if (this.warnings.size < most) this.warnings.add(text);
    for (const text of ignored) if (this.ignored.size < most) this.ignored.add(text);
  }

  get lists(): { warnings: string[]; ignored: string[] } {
    return { warnings: [...this.warnings], ignored: [...this.ignored] };
  }
}
const most = 50;

/** The same failure, with the place in the batch before its words. */
export function placed(error: GatewayError, place: string, path: string): GatewayError {
  const { message, param } = error;
  const at = param === null ? path : `${path}.${param}`;
  return error.restated({ message: `${place}: ${message}`, param: written(at) });
}
