import { BedrockError, invalid } from '../../errors.ts';
import type { SimulatedModel } from '../../models/model.ts';
import { effortsOf, isGpt } from '../models.ts';
import { notOneOf } from '../shape/check.ts';
import { checkSchema } from '../strict-schema.ts';
import { type Item, itemsIn, type Part, partsOf, type ResponseBody, type ToolBody } from './body.ts';

interface Rule {
  binds: (model: SimulatedModel) => boolean;
  /** The refusal, or its text; anything empty where there is none. */
  breach: (
    body: ResponseBody,
    items: readonly Item[],
    model: SimulatedModel,
  ) => BedrockError | string | false | null | undefined;
}

const everyone = () => true;
const unsupported = (name: string) => `Unsupported parameter: '${name}' is not supported with this model.`;

export const partsIn = (items: readonly Item[]): Part[] =>
  items.flatMap(({ content, output }) => [...partsOf(content), ...partsOf(output)]);

const textIn = ({ instructions }: ResponseBody, items: readonly Item[]) =>
  [instructions, ...partsIn(items).map(({ text }) => text)].join('\n');

const toolsAt = (tools: readonly ToolBody[] | null | undefined): ToolBody[] =>
  (tools ?? []).flatMap((tool) => [tool, ...toolsAt(tool.tools)]);

/** AWS's pages on Responses, and what public reports quote; in OpenAI's words where Bedrock has none of its own. */
export const responseRules: readonly Rule[] = [
  {
    binds: everyone,
    breach: ({ background }) => background && 'The background parameter is not supported.',
  },
  {
    binds: everyone,
    breach: ({ conversation }) => conversation != null && 'The conversation parameter is not supported.',
  },
  {
    binds: everyone,
    breach: ({ prompt }) =>
      prompt != null &&
      new BedrockError(
        'ResourceNotFoundException',
        `Prompt with id '${(prompt as { id: string }).id}' not found.`,
      ),
  },
  {
    binds: everyone,
    breach: ({ input, previous_response_id: previous }) =>
      (input ?? previous) == null &&
      `Missing required parameter: one of 'input' or 'previous_response_id' must be provided.`,
  },
  {
    binds: everyone,
    breach: ({ stream, stream_options: options }) =>
      options != null &&
      !stream &&
      `The 'stream_options' parameter is only allowed when 'stream' is enabled.`,
  },
  {
    binds: (model) => effortsOf(model) !== undefined,
    breach({ reasoning }, _items, model) {
      const { effort } = reasoning ?? {};
      const efforts = effortsOf(model) ?? [];
      return typeof effort === 'string' && !efforts.includes(effort) ? notOneOf(effort, efforts) : undefined;
    },
  },
  {
    binds: isGpt,
    breach({ reasoning, temperature, top_p, top_logprobs }) {
      if (reasoning?.effort === 'none') return undefined;
      if (temperature != null && temperature !== 1) return unsupported('temperature');
      if (top_p != null && top_p !== 1) return unsupported('top_p');
      return (top_logprobs ?? 0) > 0 && unsupported('top_logprobs');
    },
  },
  {
    binds: isGpt,
    breach({ service_tier: tier }, _items, { id }) {
      const tiers = ['auto', 'default', ...(id === 'openai.gpt-6.1-sol' ? ['ultrafast'] : [])];
      return tier != null && !tiers.includes(tier) ? notOneOf(tier, tiers) : undefined;
    },
  },
  {
    binds: everyone,
    breach: (body, items) =>
      body.text?.format?.type === 'json_object' &&
      !/json/i.test(textIn(body, items)) &&
      `Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.`,
  },
  {
    binds: everyone,
    breach(_body, items) {
      const marks = partsIn(items).filter((part) => part.prompt_cache_breakpoint).length;
      return (
        marks > 4 && `Invalid 'input': at most 4 prompt cache breakpoints are allowed, but got ${marks}.`
      );
    },
  },
  {
    binds: everyone,
    breach: (_body, items) =>
      partsIn(items).some(({ file_id, file_url }) => file_id != null || file_url != null) &&
      'Files are not supported by this API. Only data: and s3:// URLs are supported.',
  },
  {
    binds: everyone,
    breach(_body, items, model) {
      const takes: Record<string, boolean> = {
        input_image: model.family.media.image,
        // What only OpenAI's models read.
        input_file: isGpt(model),
      };
      const wrong = partsIn(items).find(({ type }) => takes[type] === false);
      return wrong && `Invalid content type. ${wrong.type} is only supported by certain models.`;
    },
  },
  {
    // Thoughts of open weights, which have their text.
    binds: isGpt,
    breach(body) {
      const items = itemsIn(body);
      const at = items.findIndex(({ type, content }) => type === 'reasoning' && (content?.length ?? 0) > 0);
      return (
        at >= 0 &&
        `Invalid 'input[${at}].content': array too long. Expected an array with maximum length 0, but got an array with length ${items[at]?.content?.length} instead.`
      );
    },
  },
  {
    binds: everyone,
    breach({ tools, tool_choice: choice }, items) {
      if (typeof choice !== 'object' || choice === null) return undefined;
      const all = toolsAt([...(tools ?? []), ...items.flatMap((item) => item.tools ?? [])]);
      const { type, name } = choice;
      const found = type === 'allowed_tools' || all.some((tool) => tool.type === type && tool.name === name);
      return !found && `Tool choice '${name ?? type}' not found in 'tools' parameter.`;
    },
  },
  {
    binds: everyone,
    breach: ({ tools, tool_choice: choice }, items) =>
      choice === 'required' &&
      toolsAt(tools).length + items.flatMap((item) => item.tools ?? []).length === 0 &&
      `Tool choice 'required' must be specified with 'tools' parameter.`,
  },
];

/** Throws BedrockError. `items`: the whole conversation. */
export function checkRules(body: ResponseBody, items: readonly Item[], model: SimulatedModel): void {
  for (const { binds, breach } of responseRules) {
    const found = binds(model) ? breach(body, items, model) : undefined;
    if (found) throw typeof found === 'string' ? invalid(found) : found;
  }
  if (isGpt(model)) checkSchemas(body);
}

function checkSchemas({ text, tools }: ResponseBody): void {
  const { format } = text ?? {};
  if (format?.type === 'json_schema')
    checkSchema(format.schema ?? {}, format.strict, { kind: 'response_format', name: format.name });
  for (const { type, name, parameters, strict } of toolsAt(tools))
    if (type === 'function' && parameters) checkSchema(parameters, strict, { kind: 'function', name });
}
