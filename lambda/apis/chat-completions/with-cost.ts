import type { Costs, LoadCosts } from '../../accounting/costs.ts';
import type { Trace } from '../../accounting/trace.ts';
import { isObject } from '../../canonical/json.ts';
import type { ChatApi, ServedRequest } from '../api.ts';
import type { Fields } from '../shared/json.ts';

/**
 * The same API with `usage.cost` in its answers, for a request with `usage: {"include": true}`, as OpenRouter has it
 * (https://openrouter.ai/docs/use-cases/usage-accounting): US dollars as a number. Null, and `cost_unknown` says why,
 * where no price is known. A stream has its usage then, too. Undefined for any other `usage`.
 */
export async function withCost<Request extends ServedRequest>(
  api: ChatApi<Request>,
  usage: unknown,
  trace: Trace,
  load: LoadCosts,
): Promise<ChatApi<Request> | undefined> {
  if (!isObject(usage) || usage.include !== true) return undefined;
  const costs = await load();
  const cost = () => costFields(costs(trace));
  const costed = (body: object) =>
    'usage' in body ? { ...body, usage: { ...(body.usage as object), ...cost() } } : body;
  return {
    ...api,
    begin: (body, headers) => api.begin(withUsage(body), headers),
    answer: (...answer) => costed(api.answer(...answer)),
    ...(api.nativeAnswer && { nativeAnswer: (...answer) => costed(api.nativeAnswer!(...answer)) }),
    encoder(...streamed) {
      const encoder = api.encoder(...streamed);
      const end = encoder.end.bind(encoder);
      const pushNative = encoder.pushNative?.bind(encoder);
      // What a call cost is known at the end: the model's own chunk with the usage waits for that.
      let usage = '';
      return Object.assign(encoder, {
        end: () => withCostIn(usage + end(), cost()),
        ...(pushNative && {
          pushNative(batch: Parameters<typeof pushNative>[0]) {
            const events = pushNative(batch).split(/(?<=\n\n)/);
            usage += events.filter((event) => event.includes(countsIn)).join('');
            return events.filter((event) => !event.includes(countsIn)).join('');
          },
        }),
      });
    },
  };
}

/** In a text of a chunk its quotation marks would be escaped. */
const countsIn = '"usage":{';

/** In a stream usage comes only where `stream_options` asks for it. */
const withUsage = (body: Fields): Fields => ({
  ...body,
  ...(body.stream === true && {
    stream_options: { ...(isObject(body.stream_options) && body.stream_options), include_usage: true },
  }),
});

const costFields = ({ costUsd, unpriced }: Costs) => ({
  cost: costUsd === undefined ? null : Number(costUsd),
  ...(costUsd === undefined && { cost_unknown: unpriced ?? 'not_priced' }),
});

/** The closing chunks of a stream, with the cost in the one that has the usage. */
function withCostIn(chunks: string, cost: object): string {
  return chunks
    .split('\n\n')
    .map((event) => {
      if (!event.startsWith('data: {')) return event;
      const chunk = JSON.parse(event.slice('data: '.length)) as Fields;
      if (!isObject(chunk.usage)) return event;
      return `data: ${JSON.stringify({ ...chunk, usage: { ...chunk.usage, ...cost } })}`;
    })
    .join('\n\n');
}
