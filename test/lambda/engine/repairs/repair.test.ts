import { describe, expect, test } from 'vitest';
import { repairFor } from '../../../../lambda/engine/repairs/repair.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import type { Capabilities, ResponsesTraits } from '../../../../lambda/models/capabilities.ts';
import { able } from '../../../support/capabilities.ts';

type Changes = Partial<Capabilities>;

const refusal = (message: string, status = 400) =>
  new GatewayError({
    status,
    reason: 'bad_request',
    message: 'refused',
    upstream: { name: 'ValidationException', message, status },
  });

const caching = { tools: true, ttl1h: true, afterToolResult: true };
const adaptive = {
  kind: 'adaptive',
  budgetToo: true,
  canDisable: true,
  onByDefault: false,
  maxEffort: 'high',
} as const;

/** What is said of the grammar of one request. */
const tooMuch = [
  "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
  'The model returned the following errors: output_config.format.schema: Schemas contains too many parameters with union types (30 parameters with type arrays or anyOf). Reduce the number (limit: 16 parameters with unions).',
  'Schemas contains too many optional parameters (30), which would make grammar compilation inefficient.',
  'The model returned the following errors: The compiled grammar is too large, which would cause performance issues. Simplify your tool schemas or reduce the number of strict tools.',
  'compilation exceeded limits: Schema is too complex',
  'Grammar compilation timed out',
];

/** Bedrock's words, what the family table believes before, and what they teach. */
const refusals: [text: string, believed: Changes, taught: Changes][] = [
  [
    'You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.',
    { caching },
    { caching: undefined },
  ],
  [
    'Malformed input request: #/messages/0/content/1: extraneous key [cachePoint] is not permitted, please reformat your input and try again.',
    { caching },
    { caching: undefined },
  ],
  [
    'The model returned the following errors: Malformed input request: #/toolConfig/tools/1/toolSpec/inputSchema/json: extraneous key [definitions] is not permitted, please reformat your input and try again.',
    {},
    { schemaRules: 'nova' },
  ],
  [
    'messages.0.content.1.cache_control.ttl: Extra inputs are not permitted',
    { caching },
    { caching: { ...caching, ttl1h: false } },
  ],
  [`This model doesn't support citations.`, { cites: true }, { cites: false }],
  [
    '#/system/1/cachePoint: extraneous key [ttl] is not permitted',
    { caching },
    { caching: { ...caching, ttl1h: false } },
  ],
  [
    '`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
    {},
    { temperatureXorTopP: true },
  ],
  ['`temperature` is deprecated for this model.', {}, { refusesSampling: true, topK: undefined }],
  [
    "This model doesn't support the temperature field. Remove temperature and try again.",
    {},
    { refusesSampling: true, topK: undefined },
  ],
  ['#: extraneous key [top_k] is not permitted', {}, { topK: undefined }],
  [
    '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    { reasoning: { kind: 'budget' } },
    { reasoning: { ...adaptive, budgetToo: false, textOnRequest: true } },
  ],
  [
    '"thinking.type.disabled" is not supported for this model.',
    { reasoning: adaptive },
    { reasoning: { ...adaptive, canDisable: false } },
  ],
  [
    'thinking.adaptive.display: Extra inputs are not permitted',
    { reasoning: { ...adaptive, textOnRequest: true } },
    { reasoning: { ...adaptive, textOnRequest: undefined } },
  ],
  [
    "output_config.effort: Input should be 'low', 'medium' or 'high'",
    { reasoning: adaptive },
    { reasoning: { ...adaptive, efforts: ['low', 'medium', 'high'] } },
  ],
  [
    "Unknown parameter: 'reasoning_effort'.",
    { reasoning: { kind: 'effort', values: ['low', 'medium', 'high'], canDisable: true } },
    {
      reasoning: {
        kind: 'effort',
        field: 'reasoning.effort',
        values: ['none', 'low', 'medium', 'high', 'xhigh'],
        canDisable: true,
      },
    },
  ],
  [
    "Unknown parameter: 'reasoning'.",
    { reasoning: { kind: 'effort', field: 'reasoning.effort', values: ['low'], canDisable: true } },
    { reasoning: { kind: 'none' } },
  ],
  [
    "Invalid value: 'none'. Supported values are: 'low', 'medium', 'high', 'xhigh' and 'max'.",
    { reasoning: { kind: 'effort', field: 'reasoning.effort', values: ['none', 'low'], canDisable: true } },
    {
      reasoning: {
        kind: 'effort',
        field: 'reasoning.effort',
        values: ['low', 'medium', 'high', 'xhigh', 'max'],
        canDisable: false,
      },
    },
  ],
  ['The model is unsupported for streaming.', {}, { streams: false }],
  [
    'tool_choice: type "tool" and "any" are not supported for this model.',
    {},
    { toolChoice: { any: false, tool: false } },
  ],
  [
    'messages.1.content: Conversation blocks and tool use blocks cannot be provided in the same turn.',
    {},
    { toolCallsAlone: true },
  ],
  [
    "This model doesn't support the reasoningContent.redactedContent field. Remove reasoningContent.redactedContent and try again.",
    { reasoningReplay: 'redacted' },
    { reasoningReplay: false },
  ],
  [
    "This model doesn't support the reasoningContent.reasoningText.text field for assistant messages. Remove reasoningContent.reasoningText.text and try again.",
    {},
    { reasoningReplay: 'redacted' },
  ],
  [
    "This model doesn't support the reasoningContent content block that you provided. Update the content block and try again.",
    {},
    { reasoningReplay: false },
  ],
  [
    'adaptive thinking is not supported on this model',
    { reasoning: adaptive },
    { reasoning: { kind: 'budget' } },
  ],
  [
    '#: extraneous key [reasoning_effort] is not permitted',
    { reasoning: { kind: 'nova' } },
    { reasoning: { kind: 'none' } },
  ],
  [
    'output_config.effort: Extra inputs are not permitted',
    { reasoning: adaptive },
    { reasoning: { kind: 'none' } },
  ],
  ['output_config.format: Extra inputs are not permitted', {}, { structuredOutput: 'tool' }],
  [
    "This model doesn't support the outputConfig.textFormat field.",
    { tools: false },
    { structuredOutput: 'prompt' },
  ],
  ['tools.0.custom.strict: Extra inputs are not permitted', {}, { strictTools: false }],
  ...tooMuch.map((text): [string, Changes, Changes] => [
    text,
    {},
    { structuredOutput: 'tool', strictTools: false },
  ]),
  ["tools.0.custom: Schema type 'oneOf' is not supported", {}, { strictTools: false }],
  [
    "The model returned the following errors: tools.1.custom: For 'array' type, property 'maxItems' is not supported",
    {},
    { strictTools: false },
  ],
  ['Too many strict tools (21). The limit is 20.', {}, { strictTools: false }],
  ["This model doesn't support tool use in streaming mode.", {}, { toolsInStream: false }],
  ["This model doesn't support tool use.", {}, { tools: false }],
  [
    "This model doesn't support the toolConfig.toolChoice.any field.",
    {},
    { toolChoice: { any: false, tool: true } },
  ],
  [
    "This model doesn't support the toolConfig.toolChoice.tool field.",
    {},
    { toolChoice: { any: false, tool: false } },
  ],
  [
    "This model doesn't support the status field. Remove status and try again.",
    {},
    { toolResultStatus: false },
  ],
  [
    "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.",
    {},
    { system: false },
  ],
  [
    "This model doesn't support the stopSequences field. Remove stopSequences and try again.",
    {},
    { stopSequences: false },
  ],
  [
    'ToolResult blocks cannot be provided in the same turn as other blocks: tool result blocks cannot be provided in the same turn.',
    {},
    { toolResultsAlone: true },
  ],
  [
    'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    {},
    { assistantFirst: false },
  ],
  [
    'This model does not support assistant message prefill. The conversation must end with a user message.',
    {},
    { assistantLast: false },
  ],
  ['Thinking may not be enabled when tool_choice forces tool use.', {}, { thinkingRefusesForcedTool: true }],
  [
    'Thinking may not be enabled when tool_choice forces tool use.',
    { thinkingRefusesForcedTool: true },
    { toolChoice: { any: false, tool: false } },
  ],
  [
    "This model doesn't support the toolConfig.tools.0.systemTool field.",
    { webSearchTool: 'nova_grounding' },
    { webSearchTool: undefined },
  ],
  [
    'messages.0.content.0.image: the detected file MIME type image/png does not match the expected type image/jpeg',
    {},
    { mediaFormatByBytes: true },
  ],
  ['messages: Unexpected role "system".', {}, { midConversationSystem: false }],
  [
    'The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.',
    { maxOutputTokens: 8192 },
    { maxOutputTokens: 4096 },
  ],
  [
    'max_tokens: 128000 > 8192, which is the maximum allowed number of output tokens for claude-3-5-haiku-20241022',
    { maxOutputTokens: 64_000 },
    { maxOutputTokens: 8192 },
  ],
  ...refusalsOfClaude(),
];

/** In its own API: what is believed of it there, and what is taught. */
function refusalsOfClaude(): [text: string, believed: Changes, taught: Changes][] {
  const search = 'tool-search-tool-2025-10-19';
  const own = { betas: ['interleaved-thinking-2025-05-14', search], typedTools: [], outputFormat: true };
  const without = { ...own, betas: ['interleaved-thinking-2025-05-14'] };
  const rows: [text: string, believed: object, taught: object][] = [
    ['tools.11.custom.defer_loading: Extra inputs are not permitted', own, without],
    [
      "messages.3.content.0.tool_result.content.0: Input tag 'tool_reference' found using 'type' does not match any of the expected tags: 'document', 'image', 'search_result', 'text'",
      own,
      without,
    ],
    [
      "messages.1.content.0: Input tag 'tool_addition' found using 'type' does not match any of the expected tags: 'text'",
      { ...own, betas: [search, 'mid-conversation-tool-changes-2026-07-01', 'inline-tools-2026-09-15'] },
      { ...own, betas: [search] },
    ],
    ['metadata: Extra inputs are not permitted', own, { ...own, refused: ['metadata'] }],
    [
      'messages.1.content.0.tool_use.caller: Extra inputs are not permitted',
      { ...own, refused: ['metadata'] },
      { ...own, refused: ['metadata', 'messages.content.tool_use.caller'] },
    ],
    [
      'output_config.effort: Extra inputs are not permitted',
      { ...own, effortsByBeta: ['low'] },
      { ...own, effortsByBeta: undefined },
    ],
    [
      'x-anthropic-billing-header is a reserved keyword and may not be used in the system prompt.',
      own,
      { ...own, refusesBillingLine: true },
    ],
    ['invalid beta flag', own, { ...own, onlyNeededBetas: true }],
    ['invalid beta flag', { ...own, onlyNeededBetas: true }, { ...own, onlyNeededBetas: true, betas: [] }],
  ];
  return rows.map(([text, believed, taught]) => [
    text,
    { messages: believed } as Changes,
    { messages: taught } as Changes,
  ]);
}

const traits = { tiers: ['default'] };
/** That Responses cannot be had, in the words of the front door and of the models. */
const closed = [
  'User: arn:aws:sts::123456789012:assumed-role/gateway/x is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1:123456789012:project/default because no identity-based policy allows the bedrock:InvokeModel action',
  'User: arn:aws:sts::123456789012:assumed-role/gateway/x is not authorized to perform: bedrock:InvokeModelWithResponseStream on resource: arn:aws:bedrock:eu-west-1:123456789012:project/default',
  "The model 'openai.gpt-5.6-sol' isn't supported on this route.",
  "The model 'openai.gpt-5.6-sol' does not support the '/v1/responses' API",
  'Application inference profiles are not supported by this API.',
  "This model is not available under data retention mode 'default'.",
];

/** Of signatures, which are the client's. */
const unproven = [
  'messages.1.content.0: Invalid `signature` in `thinking` block',
  'The model returned the following errors: messages.1.content.0: Invalid `data` in `redacted_thinking` block',
  'messages.1.content.0.thinking.signature: Field required',
  'messages.3.content.1: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.',
];

describe('what a refusal teaches', () => {
  test.each(refusals)('%s', (text, believed, taught) => {
    const repair = repairFor(refusal(text), able(believed));
    expect(repair?.correction).toEqual(taught);
    expect(String(repair?.warning).length).toBeGreaterThan(10);
  });

  test.each(refusals)('nothing twice, or it would be sent for ever: %s', (text, believed, taught) => {
    const again = repairFor(refusal(text), { ...able(believed), ...taught });
    expect(again?.correction ?? {}).not.toMatchObject(taught);
  });

  test.each(tooMuch)('only of this request: %s', (text) => {
    expect(repairFor(refusal(text), able({}))?.onlyThisRequest).toBe(true);
    const byTool = able({ tools: false, strictTools: false });
    expect(repairFor(refusal(text), byTool)?.correction).toMatchObject({ structuredOutput: 'prompt' });
    // Where a client's words may stand it is not read.
    expect(repairFor(refusal(`messages.0.content: ${text}`), able({}))).toBeUndefined();
  });

  test.each(unproven)('only of this request: %s', (text) => {
    const repair = repairFor(refusal(text), able({}));
    expect(repair).toMatchObject({ correction: { reasoningReplay: false }, onlyThisRequest: true });
  });

  test.each([
    'Unsupported MIME type: application/x-bat. Retry your request with a supported file type: xlsx, txt, pdf, csv, md, doc, html, xls, docx',
    'The model returned the following errors: messages.0.content.1.source.bytes: The document source bytes could not be parsed as the specified format. If using a text-based format, try source.text instead of source.bytes.',
  ])('of the files of this request: %s', (text) => {
    const repair = repairFor(refusal(text), able({}));
    expect(repair).toMatchObject({ correction: { textFilesAsText: true }, onlyThisRequest: true });
    expect(repairFor(refusal(text), able({ textFilesAsText: true }))).toBeUndefined();
  });

  test.each([
    'tools.0.custom.input_schema.properties.metadata: Extra inputs are not permitted',
    'unheard_of: Extra inputs are not permitted',
    'constructor: Extra inputs are not permitted',
  ])('nothing of what is no member of our own: %s', (text) => {
    expect(
      repairFor(refusal(text), able({ messages: { betas: [], typedTools: [], outputFormat: true } })),
    ).toBeUndefined();
  });

  test.each(closed)('that a model is not to be asked in Responses: %s', (text) => {
    const repair = repairFor(refusal(text, 403), able({ responses: traits }));
    expect(repair?.correction).toEqual({ responses: undefined });
    expect(repair?.onlyThisRequest).toBeUndefined();
    expect(repairFor(refusal(text, 403), able({}))).toBeUndefined();
    expect(repairFor(refusal(`input[0].content: ${text}`), able({ responses: traits }))).toBeUndefined();
  });

  test('nothing of Responses from a refusal of the model itself', () => {
    const text = closed[0]!.replace('123456789012:project/default', ':foundation-model/openai.gpt-5.6-sol');
    expect(repairFor(refusal(text, 403), able({ responses: traits }))).toBeUndefined();
  });

  test.each<[string, Partial<ResponsesTraits>, true | undefined]>([
    [
      'The encrypted content gAAA...Zg== could not be verified. Reason: it could not be parsed.',
      { refusesReasoning: true },
      true,
    ],
    [
      "Invalid schema for response_format 'n': In context=(), 'required' is required to be supplied",
      { refusesStrict: true },
      true,
    ],
    ["Unknown parameter: 'prompt_cache_key'.", { refused: ['prompt_cache_key'] }, undefined],
    ["Unknown parameter: 'made_up'.", { refused: ['made_up'] }, true],
    ["Unknown parameter: 'reasoning.max_tokens'.", { refused: ['reasoning.max_tokens'] }, true],
  ])('what a body of Responses is to be without: %s', (text, change, onlyThisRequest) => {
    const taught = { responses: { ...traits, ...change } };
    const repair = repairFor(refusal(text), able({ responses: traits }));
    expect([repair?.correction, repair?.onlyThisRequest]).toEqual([taught, onlyThisRequest]);
    // A schema that is refused however loosely it is kept goes by Converse, which mends it.
    const second = repairFor(refusal(text), able(taught))?.correction;
    const isMended = change.refusesStrict || change.refused?.[0]?.includes('.');
    expect(second).toEqual(isMended ? { responses: undefined } : undefined);
    expect(repairFor(refusal(text), able({}))?.correction.responses).toBeUndefined();
  });

  test('that a model which is asked in Responses for all clients cannot read the reasoning of another', () => {
    const text = 'The encrypted content gAAA...Zg== could not be verified. Reason: it could not be parsed.';
    const repair = repairFor(refusal(text), able({ reasoningReplay: 'responses' }));
    expect([repair?.correction, repair?.onlyThisRequest]).toEqual([{ reasoningReplay: false }, true]);
    expect(repairFor(refusal(text), able({ reasoningReplay: false }))).toBeUndefined();
    expect(repairFor(refusal(text), able({ reasoningReplay: true }))).toBeUndefined();
  });

  test.each([
    "Unknown parameter: 'input[2].content[0].note'.",
    "Unknown parameter: 'tools[0].note'.",
    "Missing required parameter: 'tool_choice.name'.",
    "Invalid value: 'hologram'. Supported values are: 'message', 'reasoning', and 'function_call'.",
    "Invalid type for 'input[2].output': expected a string, but got an array instead.",
    "Invalid 'input[1].namespace': string does not match pattern.",
    'Duplicate item found with id fc_1. Remove duplicate items from your input and try again.',
    'No tool output found for computer call c9.',
    "Tool choice 'f' not found in 'tools' parameter.",
  ])('that the form of one request is nothing for Responses: %s', (text) => {
    const repair = repairFor(refusal(text), able({ responses: traits }));
    expect([repair?.correction, repair?.onlyThisRequest]).toEqual([{ responses: undefined }, true]);
    expect(repairFor(refusal(`x: ${text}`), able({ responses: traits }))).toBeUndefined();
  });

  test('nothing from what is no refusal', () => {
    const text = "This model doesn't support system messages.";
    expect(repairFor(refusal(text, 503), able({}))).toBeUndefined();
    expect(repairFor(refusal('Malformed input request.'), able({}))).toBeUndefined();
    const ours = new GatewayError({ status: 400, reason: 'bad_request', message: text });
    expect(repairFor(ours, able({}))).toBeUndefined();
  });
});
