import { type ContentBlock, type ConverseRequest, type Message, mergeTurns } from '../../converse/request.ts';
import type { SimulatedModel } from '../../models/model.ts';
import { documentIn, imageAt } from '../media.ts';
import { type Item, type Part, partsOf, type ResponseBody } from './body.ts';
import { type Callable, toolConfigOf } from './tools.ts';

const instructs = ({ role }: Item) => role === 'system' || role === 'developer';

/** The body with its conversation as Converse would put it. Throws BedrockError for media that are none. */
export function readResponses(
  body: ResponseBody,
  items: readonly Item[],
  callables: readonly Callable[],
  model: SimulatedModel,
): ConverseRequest {
  const { instructions } = body;
  const standing = items.filter(instructs).flatMap(({ content }) => partsOf(content));
  const turns = items.filter((item) => !instructs(item)).flatMap((item) => turnOf(item) ?? []);
  return {
    system: [
      ...(instructions ? [{ text: instructions }] : []),
      ...standing.flatMap((part) => [{ text: part.text ?? '' }, ...cachePointOf(part)]),
    ],
    messages: mergeTurns(turns),
    inferenceConfig: { maxTokens: body.max_output_tokens ?? undefined },
    additionalModelRequestFields: {
      ...effortOf(body, model),
      ...(body.parallel_tool_calls === false && { tool_choice: { disable_parallel_tool_use: true } }),
    },
    ...toolConfigOf(body, callables),
    ...formatOf(body),
  };
}

function effortOf({ reasoning }: ResponseBody, { family: { thinking } }: SimulatedModel): object {
  const { effort } = reasoning ?? {};
  if (typeof effort !== 'string') return {};
  if (thinking.kind === 'encrypted') return { reasoning: { effort } };
  return thinking.kind === 'effort' ? { [thinking.key]: effort } : {};
}

function formatOf({ text }: ResponseBody) {
  const { format } = text ?? {};
  if (!format || format.type === 'text') return {};
  const structure = {
    jsonSchema: { schema: JSON.stringify(format.schema ?? { type: 'object' }), name: format.name },
  };
  return { outputConfig: { textFormat: { type: 'json_schema', structure } } };
}

function turnOf(item: Item): Message | undefined {
  const { type, role, call_id, name, namespace, output } = item;
  const toolUseId = call_id ?? name ?? '';
  if (type === 'message' || type === undefined || type === null)
    return { role: role ?? 'user', content: partsOf(item.content).flatMap(blocksOf) };
  if (type === 'reasoning')
    return assistant({ reasoningContent: { redactedContent: item.encrypted_content ?? '' } });
  if (type.endsWith('_call')) {
    const called = namespace ? `${namespace}__${name}` : (name ?? type.replace(/_call$/, ''));
    return assistant({
      toolUse: { toolUseId, name: called, input: item.arguments ?? item.input ?? item.operation },
    });
  }
  if (type === 'tool_search_output')
    return user({ toolResult: { toolUseId, content: [{ text: `${item.tools?.length ?? 0} tools` }] } });
  if (!type.endsWith('_output')) return undefined;
  const status = item.status === 'failed' ? { status: 'error' } : {};
  const content = partsOf(output)
    .flatMap(blocksOf)
    .filter(({ cachePoint }) => !cachePoint);
  return user({
    toolResult: {
      toolUseId,
      content: content.map(({ text, image }) => (image ? { image } : { text })),
      ...status,
    },
  });
}

const assistant = (block: ContentBlock): Message => ({ role: 'assistant', content: [block] });
const user = (block: ContentBlock): Message => ({ role: 'user', content: [block] });

const blocksOf = (part: Part): ContentBlock[] => [blockOf(part), ...cachePointOf(part)];
const cachePointOf = ({ prompt_cache_breakpoint: mark }: Part) =>
  mark ? [{ cachePoint: { type: 'default' } }] : [];

function blockOf({ type, text, refusal, image_url, file_data, filename }: Part): ContentBlock {
  if (type === 'input_image') return imageAt(image_url ?? '');
  if (type === 'input_file') return documentIn(file_data ?? '', filename ?? undefined);
  return { text: text ?? refusal ?? '' };
}
