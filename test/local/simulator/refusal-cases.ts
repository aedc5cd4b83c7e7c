import { signatureOf } from '../../../local/simulator/answer/ids.ts';
import {
  ask,
  assistant,
  cachePoint,
  call,
  document,
  extra,
  image,
  png,
  reasoning,
  result,
  text,
  tool,
  tools,
  user,
} from './blocks.ts';
import type { RuleCase } from './rule-cases.ts';

const haiku45 = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const sonnet46 = 'us.anthropic.claude-sonnet-4-6';
const claude3 = 'anthropic.claude-3-haiku-20240307-v1:0';
const nova = 'amazon.nova-lite-v1:0';
const glm = 'zai.glm-5';
const hello = ask();

const cited = (more: object = {}) => ({
  document: { ...document().document, ...more, citations: { enabled: true } },
});
const read = (...documents: unknown[]) => ({ messages: [user(text('Read'), ...documents)] });
const answered = (...content: unknown[]) => ({
  messages: [...hello, assistant(call()), user(result('t1', { content }))],
  toolConfig: tools(),
});
const found = {
  searchResult: { source: 'https://example.com/', title: 'Weather', content: [text('Sun')] },
};
const given = (source: object, more: object = {}) => ({
  document: { name: 'a', format: 'txt', source, ...more },
});
const signed = reasoning(signatureOf('I think.'));

/** Documents and search results that are to be cited. */
const citations: RuleCase[] = [
  {
    rule: 'no citations',
    model: nova,
    bad: read(cited()),
    says: `This model doesn't support citations.`,
    good: read(cited()),
    goodModel: haiku45,
  },
  {
    rule: 'no citations of documents in tool results',
    model: haiku45,
    bad: answered(cited()),
    says: 'Citations are not supported in tool result documents.',
    good: answered(document()),
  },
  {
    rule: 'formats that can be cited',
    model: haiku45,
    bad: read(cited({ format: 'md' })),
    says: 'Only txt and pdf formats are supported when citations are enabled',
    good: read(cited({ format: 'txt' })),
  },
  {
    rule: 'a document whose text is given is there to be cited',
    model: haiku45,
    bad: read(given({ text: 'some notes' })),
    says: 'DocumentSource object at messages.0.content.1.document.source must set one of the following keys: bytes, s3Location.',
    good: read(given({ text: 'some notes' }, { citations: { enabled: true } })),
  },
  {
    rule: 'all documents are cited, or none',
    model: haiku45,
    bad: read(cited(), document('more')),
    says: 'all documents',
    good: read(cited(), cited({ name: 'more' })),
  },
  {
    rule: 'no search results',
    model: claude3,
    bad: { messages: [user(text('Read'), found)] },
    says: 'searchResult content block',
    good: { messages: [user(text('Read'), found)] },
    goodModel: haiku45,
  },
];

/** What a request may say, and where. */
const places: RuleCase[] = [
  {
    rule: 'every other union is of exactly one kind',
    model: haiku45,
    bad: answered({ text: 'sunny', json: {} }),
    says: 'ToolResultContentBlock object at messages.2.content.0.toolResult.content.0 must set one of the following keys',
    good: answered({ text: 'sunny' }, { json: {} }),
  },
  {
    rule: 'blocks come from whom they may',
    model: haiku45,
    bad: { messages: [user(text('Hi'), signed)] },
    says: `doesn't support the reasoningContent field for user messages`,
    good: { messages: [...hello, assistant(signed, text('Hi')), ...hello] },
  },
  {
    rule: 'no cache point after reasoning',
    model: haiku45,
    bad: { messages: [...hello, assistant(text('Hi'), signed, cachePoint()), ...hello] },
    says: 'Cache point cannot be inserted after reasoning block.',
    good: { messages: [...hello, assistant(signed, text('Hi'), cachePoint()), ...hello] },
  },
  {
    rule: 'stop sequences say something',
    model: haiku45,
    bad: { messages: hello, inferenceConfig: { stopSequences: ['END', '\n\x1c'] } },
    says: 'stop_sequences: each stop sequence must contain non-whitespace',
    good: { messages: hello, inferenceConfig: { stopSequences: ['\nEND'] } },
  },
  {
    rule: 'a schema is an object',
    model: glm,
    bad: { messages: hello, toolConfig: tools(tool('x', { inputSchema: { json: [] } })) },
    says: 'The format of the value at toolConfig.tools.0.toolSpec.inputSchema.json is invalid. Provide a json object',
    good: { messages: hello, toolConfig: tools() },
  },
];

/** What Claude is told in its own words. */
const claude: RuleCase[] = [
  {
    rule: 'the form of Claude’s own fields',
    model: haiku45,
    bad: {
      messages: hello,
      inferenceConfig: { maxTokens: 2000 },
      ...extra({ thinking: { type: 'enabled', budget_tokens: 1024, display: 'omitted' } }),
    },
    says: 'thinking.enabled.display: Extra inputs are not permitted',
    good: {
      messages: hello,
      inferenceConfig: { maxTokens: 2000 },
      ...extra({ thinking: { type: 'enabled', budget_tokens: 1024 } }),
    },
  },
  {
    rule: 'a choice in Claude’s own words is among the tools',
    model: sonnet46,
    bad: { messages: hello, ...extra({ tool_choice: { type: 'any' } }) },
    says: 'tool_choice.any may only be specified while providing tools',
    good: { messages: hello, toolConfig: tools(), ...extra({ tool_choice: { type: 'any' } }) },
  },
];

export const refusalCases: RuleCase[] = [...citations, ...places, ...claude];

/** Requests that are refused by rules whose own case is another. */
export const moreRefusals: [what: string, model: string, body: object, says: string][] = [
  [
    'a control character alone',
    haiku45,
    { messages: [user(text('\x1d\x85'))] },
    'at messages.0.content.0 is blank',
  ],
  [
    'a blank end of a prefill',
    haiku45,
    { messages: [...hello, assistant(text('So\x1f'))] },
    'trailing whitespace',
  ],
  [
    'a schema without a type, on any model',
    glm,
    { messages: hello, toolConfig: tools(tool('x', { inputSchema: { json: { properties: {} } } })) },
    'The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be one of the following: object.',
  ],
  [
    'a function without properties, on GPT',
    'us.openai.gpt-6-sol',
    { messages: hello, toolConfig: tools(tool('x', { inputSchema: { json: { type: 'object' } } })) },
    `Invalid schema for function 'x': In context=(), object schema missing properties.`,
  ],
  [
    'a composition at a root, on GPT',
    'us.openai.gpt-6-sol',
    {
      messages: hello,
      toolConfig: tools(
        tool('x', { inputSchema: { json: { type: 'object', properties: {}, anyOf: [{}] } } }),
      ),
    },
    `not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level`,
  ],
  [
    'images and documents together',
    claude3,
    read(...Array.from({ length: 19 }, () => image(png())), document('a'), document('b')),
    'too many images and documents: 19 + 2 > 20',
  ],
  ['a search result within a tool result', nova, answered(found), 'searchResult content block'],
  ['a source of nothing', haiku45, read({ image: { format: 'png', source: {} } }), 'ImageSource object at'],
  [
    'two choices',
    haiku45,
    { messages: hello, toolConfig: { ...tools(), toolChoice: { any: {}, auto: {} } } },
    'ToolChoice object at toolConfig.toolChoice',
  ],
  [
    'a tool forced in Claude’s words beside a budget',
    haiku45,
    {
      messages: hello,
      toolConfig: tools(),
      inferenceConfig: { maxTokens: 2000 },
      ...extra({ tool_choice: { type: 'any' }, thinking: { type: 'enabled', budget_tokens: 1024 } }),
    },
    'Thinking may not be enabled when tool_choice forces tool use.',
  ],
  [
    'a top_k that is no number',
    haiku45,
    { messages: hello, ...extra({ top_k: '5' }) },
    'top_k: Input should be a valid integer',
  ],
  [
    'context management without its flag',
    haiku45,
    { messages: hello, ...extra({ context_management: { edits: [] } }) },
    'context_management: Extra inputs are not permitted',
  ],
  [
    'a space that Java does not know in metadata',
    nova,
    { messages: hello, requestMetadata: { team: 'a\u00a0b' } },
    `at 'requestMetadata.team.member' failed to satisfy constraint`,
  ],
  [
    'bytes that are no base64',
    nova,
    read({ image: { format: 'png', source: { bytes: 'a-b_' } } }),
    'can not be converted to a Blob',
  ],
  [
    'base64 without its padding',
    nova,
    read({ image: { format: 'png', source: { bytes: 'AAAAA' } } }),
    'can not be converted to a Blob',
  ],
  [
    'a number beyond 32 bits',
    glm,
    { messages: hello, inferenceConfig: { maxTokens: 3_000_000_000 } },
    'NUMBER_VALUE can not be converted to an Integer',
  ],
];
