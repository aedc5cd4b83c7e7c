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
  return {
    ...api,
    begin: (body, headers) => api.begin(withUsage(body), headers),
    answer(...answer) {
      const body = api.answer(...answer);
      return 'usage' in body ? { ...body, usage: { ...(body.usage as object), ...cost() } } : body;
    },
    encoder(...streamed) {
      const encoder = api.encoder(...streamed);
      const end = encoder.end.bind(encoder);
      return Object.assign(encoder, { end: () => withCostIn(end(), cost()) });
    },
  };
}

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
