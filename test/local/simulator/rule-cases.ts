import { redactedData, signatureOf } from '../../../local/simulator/answer/ids.ts';
import {
  ask,
  assistant,
  cachePoint,
  call,
  closed,
  document,
  extra,
  format,
  image,
  png,
  reasoning,
  result,
  text,
  thinking,
  tool,
  tools,
  user,
  video,
} from './blocks.ts';
import { refusalCases } from './refusal-cases.ts';
import { schemaCases } from './schema-cases.ts';

export interface RuleCase {
  rule: string;
  model: string;
  /** Refused, with a text that contains `says`. */
  bad: object;
  says: string;
  /** Accepted by `model`, or by `goodModel`. */
  good: object;
  goodModel?: string;
  streams?: true;
  status?: number;
}

export const models = {
  haiku45: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  sonnet45: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  opus45: 'us.anthropic.claude-opus-4-5-20251101-v1:0',
  fable51: 'us.anthropic.claude-fable-5-1',
  sonnet46: 'us.anthropic.claude-sonnet-4-6',
  opus47: 'global.anthropic.claude-opus-4-7',
  opus48: 'global.anthropic.claude-opus-4-8',
  opus55: 'us.anthropic.claude-opus-5-5',
  sonnet55: 'us.anthropic.claude-sonnet-5-5',
  fable5: 'us.anthropic.claude-fable-5',
  sonnet5: 'us.anthropic.claude-sonnet-5',
  claude3: 'anthropic.claude-3-haiku-20240307-v1:0',
  claude37: 'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
  claude35: 'anthropic.claude-3-5-sonnet-20240620-v1:0',
  micro: 'amazon.nova-micro-v1:0',
  nova: 'amazon.nova-lite-v1:0',
  nova2: 'us.amazon.nova-2-lite-v1:0',
  llama: 'us.meta.llama3-3-70b-instruct-v1:0',
  mistral7b: 'mistral.mistral-7b-instruct-v0:2',
  mistralLarge: 'mistral.mistral-large-2407-v1:0',
  palmyra: 'us.writer.palmyra-x5-v1:0',
  gptOss: 'openai.gpt-oss-120b-1:0',
  gpt: 'us.openai.gpt-6-sol',
  astra: 'us.openai.gpt-6-astra',
  qwen: 'qwen.qwen3-32b-v1:0',
  glm: 'zai.glm-5',
  r1: 'us.deepseek.r1-v1:0',
  nemotron: 'nvidia.nemotron-super-3-120b',
  commandR: 'cohere.command-r-v1:0',
} as const;

const m = models;
const hello = ask();
const toolTurns = (...more: unknown[]) => [
  user(text('Weather?')),
  assistant(call()),
  user(result(), ...more),
];
const withTools = { messages: hello, toolConfig: tools() };
const long = (count: number, character = 'x') => character.repeat(count);

const turns: RuleCase[] = [
  {
    rule: 'a conversation has messages',
    model: m.nova,
    bad: { messages: [] },
    says: 'must start with a user message',
    good: { messages: hello },
  },
  {
    rule: 'the first turn is the user’s',
    model: m.nova,
    bad: { messages: [assistant(text('Hi')), ...hello] },
    says: 'must start with a user message',
    good: { messages: [assistant(text('Hi')), ...hello] },
    goodModel: m.haiku45,
  },
  {
    rule: 'turns alternate',
    model: m.haiku45,
    bad: { messages: [...hello, ...hello] },
    says: 'must alternate between user and assistant roles',
    good: { messages: [...hello, assistant(text('Hi')), ...hello] },
  },
  {
    rule: 'system messages between turns need a model that takes them',
    model: m.opus47,
    bad: { messages: [...hello, { role: 'system', content: [text('Be brief')] }] },
    says: 'system role',
    good: { messages: [...hello, { role: 'system', content: [text('Be brief')] }] },
    goodModel: m.opus48,
  },
  {
    rule: 'a system message follows a user turn, and is last or before an assistant turn',
    model: m.opus48,
    bad: { messages: [{ role: 'system', content: [text('Be brief')] }, ...hello] },
    says: 'messages.0: a system message must follow',
    good: {
      messages: [...hello, { role: 'system', content: [text('Be brief')] }, assistant(text('Yes')), ...hello],
    },
  },
  {
    rule: 'no prefill',
    model: m.sonnet46,
    bad: { messages: [...hello, assistant(text('{'))] },
    says: 'does not support assistant message prefill',
    good: { messages: [...hello, assistant(text('{'))] },
    goodModel: m.haiku45,
  },
  {
    rule: 'a prefill does not end in white space',
    model: m.haiku45,
    bad: { messages: [...hello, assistant(text('So '))] },
    says: 'cannot end with trailing whitespace',
    good: { messages: [...hello, assistant(text('So'))] },
  },
];

const content: RuleCase[] = [
  {
    rule: 'messages have content',
    model: m.nova,
    bad: { messages: [user()] },
    says: 'The content field in the Message object at messages.0 is empty',
    good: { messages: hello },
  },
  {
    rule: 'a block is of exactly one kind',
    model: m.nova,
    bad: { messages: [user(text('Hi'), { smell: {} })] },
    says: 'The ContentBlock object at messages.0.content.1 must set one of',
    good: { messages: hello },
  },
  {
    rule: 'text is not blank',
    model: m.haiku45,
    bad: { messages: [user(text('Hi'), text(' \n'))] },
    says: 'at messages.0.content.1 is blank',
    good: { messages: [user(text('Hi'), text(' there\n'))] },
  },
  {
    rule: 'text has no half of a surrogate pair',
    model: m.haiku45,
    bad: { messages: [user(text('cut \ud83d here'))] },
    says: 'The model returned the following errors: The request body is not valid JSON: no low surrogate in string',
    good: { messages: [user(text('whole \ud83d\ude00 here'))] },
  },
  {
    rule: 'system text is not blank',
    model: m.haiku45,
    bad: { messages: hello, system: [text('  ')] },
    says: 'at system.0 is blank',
    good: { messages: hello, system: [text('Be kind')] },
  },
  {
    rule: 'no system messages',
    model: m.mistral7b,
    bad: { messages: hello, system: [text('Be kind')] },
    says: `doesn't support system messages`,
    good: { messages: hello, system: [] },
  },
];

const toolCases: RuleCase[] = [
  {
    rule: 'no tools',
    model: m.r1,
    bad: withTools,
    says: `doesn't support tool use.`,
    good: withTools,
    goodModel: m.glm,
  },
  {
    rule: 'no tools in streams',
    model: m.llama,
    bad: withTools,
    says: 'tool use in streaming mode',
    good: withTools,
    goodModel: m.glm,
    streams: true,
  },
  {
    rule: 'toolChoice any',
    model: m.llama,
    bad: { ...withTools, toolConfig: { ...tools(), toolChoice: { any: {} } } },
    says: 'Remove toolConfig.toolChoice.any',
    good: { ...withTools, toolConfig: { ...tools(), toolChoice: { auto: {} } } },
  },
  {
    rule: 'toolChoice tool',
    model: m.mistralLarge,
    bad: { ...withTools, toolConfig: { ...tools(), toolChoice: { tool: { name: 'get_weather' } } } },
    says: 'Remove toolConfig.toolChoice.tool',
    good: { ...withTools, toolConfig: { ...tools(), toolChoice: { any: {} } } },
  },
  {
    rule: 'system tools',
    model: m.nova,
    bad: { messages: hello, toolConfig: tools({ systemTool: { name: 'nova_grounding' } }) },
    says: 'systemTool',
    good: { messages: hello, toolConfig: tools({ systemTool: { name: 'nova_grounding' } }) },
    goodModel: m.nova2,
  },
  {
    rule: 'tool names are unique',
    model: m.haiku45,
    bad: { messages: hello, toolConfig: tools(tool(), tool()) },
    says: 'Tool names must be unique',
    good: { messages: hello, toolConfig: tools(tool(), tool('other')) },
  },
  {
    rule: 'a named choice is among the tools',
    model: m.haiku45,
    bad: { messages: hello, toolConfig: { ...tools(), toolChoice: { tool: { name: 'other' } } } },
    says: `Tool 'other' not found`,
    good: { messages: hello, toolConfig: { ...tools(), toolChoice: { tool: { name: 'get_weather' } } } },
  },
  {
    rule: 'strict tools',
    model: m.opus47,
    bad: { messages: hello, toolConfig: tools(tool('x', { strict: true })) },
    says: 'tools.0.custom.strict: Extra inputs',
    good: {
      messages: hello,
      toolConfig: tools(tool('x', { strict: true, inputSchema: { json: closed({}) } })),
    },
    goodModel: m.haiku45,
  },
  {
    rule: 'strict tools elsewhere',
    model: m.nova,
    bad: { messages: hello, toolConfig: tools(tool('x', { strict: true })) },
    says: 'strict',
    good: { messages: hello, toolConfig: tools(tool('x', { strict: true })) },
    goodModel: m.qwen,
  },
  {
    rule: 'hyphens in tool names',
    model: m.nova,
    bad: { messages: hello, toolConfig: tools(tool('get-weather')) },
    says: 'invalid sequence as part of ToolUse',
    good: { messages: hello, toolConfig: tools(tool('get-weather')) },
    goodModel: m.haiku45,
    status: 424,
  },
  {
    rule: 'history with tools needs toolConfig',
    model: m.haiku45,
    bad: { messages: toolTurns() },
    says: 'The toolConfig field must be defined',
    good: { messages: toolTurns(), toolConfig: tools() },
  },
  {
    rule: 'every call is answered in the next turn',
    model: m.haiku45,
    bad: { messages: [...hello, assistant(call('a'), call('b')), user(result('a'))], toolConfig: tools() },
    says: 'Expected toolResult blocks at messages.2.content for the following Ids: b',
    good: {
      messages: [...hello, assistant(call('a'), call('b')), user(result('b'), result('a'))],
      toolConfig: tools(),
    },
  },
  {
    rule: 'no more results than calls',
    model: m.haiku45,
    bad: { messages: [user(result())], toolConfig: tools() },
    says: 'messages.0.content exceeds the number of toolUse blocks',
    good: { messages: toolTurns(), toolConfig: tools() },
  },
  {
    rule: 'ids of calls are unique',
    model: m.haiku45,
    bad: { messages: [...toolTurns(), assistant(call()), user(result())], toolConfig: tools() },
    says: 'messages.3.content.0: `tool_use` ids must be unique',
    good: { messages: [...toolTurns(), assistant(call('t2')), user(result('t2'))], toolConfig: tools() },
  },
  {
    rule: 'Claude’s ids',
    model: m.haiku45,
    bad: {
      messages: [...hello, assistant(call('functions.a:0')), user(result('functions.a:0'))],
      toolConfig: tools(),
    },
    says: `messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`,
    good: { messages: toolTurns(), toolConfig: tools() },
  },
  {
    rule: 'a call’s input is an object',
    model: m.haiku45,
    bad: {
      messages: [...hello, assistant(call('a', 'get_weather', 'Paris')), user(result('a'))],
      toolConfig: tools(),
    },
    says: 'messages.1.content.0.toolUse.input is invalid',
    good: {
      messages: [...hello, assistant(call('a', 'get_weather', {})), user(result('a'))],
      toolConfig: tools(),
    },
  },
  {
    rule: 'Mistral’s ids',
    model: m.mistralLarge,
    bad: { messages: toolTurns(), toolConfig: tools() },
    says: 'Tool call id was t1',
    good: {
      messages: [...hello, assistant(call('abcDEF123')), user(result('abcDEF123'))],
      toolConfig: tools(),
    },
  },
  {
    rule: 'a result says something',
    model: m.nemotron,
    bad: {
      messages: [...hello, assistant(call()), user(result('t1', { content: [] }))],
      toolConfig: tools(),
    },
    says: 'messages.2.content.0.toolResult cannot be empty',
    good: { messages: [...hello, assistant(call()), user(result('t1'))], toolConfig: tools() },
  },
  {
    rule: 'an error says something',
    model: m.haiku45,
    bad: {
      messages: [...hello, assistant(call()), user(result('t1', { content: [], status: 'error' }))],
      toolConfig: tools(),
    },
    says: 'messages.2.content.0.toolResult cannot be empty when status value is error',
    good: {
      messages: [...hello, assistant(call()), user(result('t1', { content: [] }))],
      toolConfig: tools(),
    },
  },
  {
    rule: 'results alone in their turn',
    model: m.llama,
    bad: { messages: toolTurns(text('And?')), toolConfig: tools() },
    says: 'cannot be provided in the same turn',
    good: { messages: toolTurns(text('And?')), toolConfig: tools() },
    goodModel: m.haiku45,
  },
  {
    rule: 'calls alone in their turn',
    model: m.llama,
    bad: {
      messages: [...hello, assistant(text('Let me look.'), call()), user(result())],
      toolConfig: tools(),
    },
    says: 'messages.1.content: Conversation blocks and tool use blocks cannot be provided in the same turn.',
    good: {
      messages: [
        ...hello,
        assistant(text('Let me look.')),
        user(text('Go on.')),
        assistant(call()),
        user(result()),
      ],
      toolConfig: tools(),
    },
  },
  {
    rule: 'no status',
    model: m.palmyra,
    bad: {
      messages: [...hello, assistant(call()), user(result('t1', { status: 'success' }))],
      toolConfig: tools(),
    },
    says: `doesn't support the status field`,
    good: { messages: toolTurns(), toolConfig: tools() },
  },
  {
    rule: 'json in a result is an object',
    model: m.haiku45,
    bad: {
      messages: [...hello, assistant(call()), user(result('t1', { content: [{ json: [1] }] }))],
      toolConfig: tools(),
    },
    says: 'toolResult.content.json is invalid',
    good: {
      messages: [...hello, assistant(call()), user(result('t1', { content: [{ json: { a: 1 } }] }))],
      toolConfig: tools(),
    },
  },
  {
    rule: 'media inside a result',
    model: m.qwen,
    bad: {
      messages: [...hello, assistant(call()), user(result('t1', { content: [image()] }))],
      toolConfig: tools(),
    },
    says: 'image content block',
    good: {
      messages: [...hello, assistant(call()), user(result('t1', { content: [image()] }))],
      toolConfig: tools(),
    },
    goodModel: m.nova,
  },
];

const caching: RuleCase[] = [
  {
    rule: 'no caching',
    model: m.qwen,
    bad: { messages: [user(text('Hi'), cachePoint())] },
    says: 'did not allow prompt caching',
    good: { messages: [user(text('Hi'), cachePoint())] },
    goodModel: m.nova,
    status: 403,
  },
  {
    rule: 'no cache points among Nova’s tools',
    model: m.nova,
    bad: { messages: hello, toolConfig: tools(tool(), cachePoint()) },
    says: '#/toolConfig/tools/1: extraneous key [cachePoint]',
    good: { messages: hello, toolConfig: tools(tool(), cachePoint()) },
    goodModel: m.haiku45,
  },
  {
    rule: 'no cache point after a tool result on Nova',
    model: m.nova,
    bad: { messages: toolTurns(cachePoint()), toolConfig: tools() },
    says: '#/messages/2/content/1: extraneous key [cachePoint]',
    good: { messages: toolTurns(cachePoint()), toolConfig: tools() },
    goodModel: m.haiku45,
  },
  {
    rule: 'a cache point has something before it',
    model: m.haiku45,
    bad: { messages: [user(cachePoint(), text('Hi'))] },
    says: 'messages.0.content.0',
    good: { messages: [user(text('Hi'), cachePoint())] },
  },
  {
    rule: 'no cache point after a document or video',
    model: m.haiku45,
    bad: { messages: [user(text('Read'), document(), cachePoint())] },
    says: 'messages.0.content.2.type: Field required',
    good: { messages: [user(document(), text('Read'), cachePoint())] },
  },
  {
    rule: 'no ttl',
    model: m.claude37,
    bad: { messages: [user(text('Hi'), cachePoint('5m'))] },
    says: 'cachePoint.ttl',
    good: { messages: [user(text('Hi'), cachePoint('5m'))] },
    goodModel: m.haiku45,
  },
  {
    rule: 'at most four',
    model: m.haiku45,
    bad: {
      messages: [
        user(
          ...Array(5)
            .fill([text('Hi'), cachePoint()])
            .flat(),
        ),
      ],
    },
    says: 'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    good: {
      messages: [
        user(
          ...Array(4)
            .fill([text('Hi'), cachePoint()])
            .flat(),
        ),
      ],
    },
  },
  {
    rule: 'one hour before five minutes',
    model: m.haiku45,
    bad: { system: [text('Be kind'), cachePoint()], messages: [user(text('Hi'), cachePoint('1h'))] },
    says: `messages.0.content.1.cache_control.ttl: a ttl='1h'`,
    good: { system: [text('Be kind'), cachePoint('1h')], messages: [user(text('Hi'), cachePoint())] },
  },
];

const media: RuleCase[] = [
  {
    rule: 'kinds of media',
    model: m.haiku45,
    bad: { messages: [user(text('See'), video)] },
    says: 'video content block',
    good: { messages: [user(text('See'), video)] },
    goodModel: m.nova,
  },
  {
    rule: 'media come from the user',
    model: m.haiku45,
    bad: { messages: [...hello, assistant(image()), ...hello] },
    says: 'image field for assistant messages',
    good: { messages: [user(text('See'), image())] },
  },
  {
    rule: 'no media from S3',
    model: m.haiku45,
    bad: {
      messages: [
        user(text('See'), { image: { format: 'png', source: { s3Location: { uri: 's3://b/k.png' } } } }),
      ],
    },
    says: `doesn't support the s3Uri field`,
    good: {
      messages: [
        user(text('See'), { image: { format: 'png', source: { s3Location: { uri: 's3://b/k.png' } } } }),
      ],
    },
    goodModel: m.nova,
  },
  {
    rule: 'an image is what it says, on Claude',
    model: m.haiku45,
    bad: { messages: [user(image(png(), 'jpeg'))] },
    says: 'appears to be a image/png image',
    good: { messages: [user(image())] },
  },
  {
    rule: 'an image is what it says',
    model: m.nova,
    bad: { messages: [user(image(Buffer.from('no image').toString('base64')))] },
    says: 'The detected file MIME type text/plain does not match the expected type image/png',
    good: { messages: [user(image())] },
  },
  {
    rule: 'size of an image',
    model: m.haiku45,
    bad: { messages: [user(image(png(10, 10, 3_932_161)))] },
    says: 'image exceeds 5 MB maximum',
    good: { messages: [user(image(png(10, 10, 3_932_160)))] },
  },
  {
    rule: 'number of images',
    model: m.claude3,
    bad: { messages: [user(...Array(21).fill(image()))] },
    says: 'too many images: 21 > 20',
    good: { messages: [user(...Array(21).fill(image()))] },
    goodModel: m.haiku45,
  },
  {
    rule: 'dimensions of an image',
    model: m.haiku45,
    bad: { messages: [user(...Array(21).fill(image(png(2001))))] },
    says: 'many-image requests: 2000 pixels',
    good: { messages: [user(image(png(8000)))] },
  },
  {
    rule: 'names of documents',
    model: m.haiku45,
    bad: { messages: [user(text('Read'), document('notes.txt'))] },
    says: 'The document file name can only contain',
    good: { messages: [user(text('Read'), document('my_notes (2) [b]-c'))] },
  },
  {
    rule: 'names of documents are unique',
    model: m.haiku45,
    bad: { messages: [user(text('Read'), document(), document())] },
    says: 'duplicate document names',
    good: { messages: [user(text('Read'), document(), document('more'))] },
  },
  {
    rule: 'a document comes with text',
    model: m.haiku45,
    bad: { messages: [user(document())] },
    says: 'A text block must be included',
    good: { messages: [user(text('Read'), document())] },
  },
  {
    rule: 'a PDF is one',
    model: m.haiku45,
    bad: { messages: [user(text('Read'), document('a', 'pdf'))] },
    says: 'The PDF specified was not valid',
    good: {
      messages: [user(text('Read'), document('a', 'pdf', Buffer.from('%PDF-1.7').toString('base64')))],
    },
  },
  {
    rule: 'the type that the bytes of a text show',
    model: m.haiku45,
    bad: { messages: [user(text('Read'), document('a', 'csv', 'grGC8Q=='))] },
    says: 'Unsupported MIME type: application/octet-stream. Retry your request with',
    good: { messages: [user(text('Read'), document('a', 'csv', '44GT44KT'))] },
  },
  {
    rule: 'a text document is UTF-8',
    model: m.haiku45,
    bad: { messages: [user(text('Read'), document('a', 'txt', 'AAAA'))] },
    says: 'could not be parsed as the specified format',
    good: { messages: [user(text('Read'), document())] },
  },
];

const person = closed({ name: { type: 'string' } });
const structured: RuleCase[] = [
  {
    rule: 'no structured output on Claude',
    model: m.opus47,
    bad: { messages: hello, ...format(person) },
    says: 'output_config.format: Extra inputs are not permitted',
    good: { messages: hello, ...format(person) },
    goodModel: m.haiku45,
  },
  {
    rule: 'no structured output',
    model: m.nova,
    bad: { messages: hello, ...format(person) },
    says: 'outputConfig.textFormat',
    good: { messages: hello, ...format(person) },
    goodModel: m.qwen,
  },
  {
    rule: 'no effort in outputConfig',
    model: m.gptOss,
    bad: { messages: hello, outputConfig: { effort: 'low' } },
    says: 'outputConfig.effort',
    good: { messages: hello, outputConfig: { effort: 'low' } },
    goodModel: m.sonnet5,
  },
  {
    rule: 'the schema is JSON',
    model: m.haiku45,
    bad: { messages: hello, ...format('{') },
    says: 'not valid JSON',
    good: { messages: hello, ...format(person) },
  },
  {
    rule: 'no citations beside a format',
    model: m.haiku45,
    bad: {
      messages: [user(text('Read'), { document: { ...document().document, citations: { enabled: true } } })],
      ...format(person),
    },
    says: 'Citations cannot be used',
    good: {
      messages: [user(text('Read'), { document: { ...document().document, citations: { enabled: true } } })],
    },
  },
];

const redacted = { reasoningContent: { redactedContent: redactedData } };
const otherReasoning: RuleCase[] = [
  {
    rule: 'Nova’s reasoning levels',
    model: m.nova2,
    bad: { messages: hello, ...extra({ reasoningConfig: { type: 'enabled', maxReasoningEffort: 'max' } }) },
    says: 'maxReasoningEffort value max is invalid',
    good: { messages: hello, ...extra({ reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' } }) },
  },
  {
    rule: 'Nova’s high effort takes no limits',
    model: m.nova2,
    bad: {
      messages: hello,
      inferenceConfig: { maxTokens: 10 },
      ...extra({ reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } }),
    },
    says: 'must be unset when maxReasoningEffort is high',
    good: { messages: hello, ...extra({ reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } }) },
  },
  {
    rule: 'effort of open-weight models',
    model: m.gptOss,
    bad: { messages: hello, ...extra({ reasoning_effort: 'none' }) },
    says: 'Supported values are: low, medium, high',
    good: { messages: hello, ...extra({ reasoning_effort: 'low' }) },
  },
  {
    rule: 'effort of GPT',
    model: m.astra,
    bad: { messages: hello, ...extra({ reasoning: { effort: 'none' } }) },
    says: `Invalid value: 'none'. Supported values are: 'low'`,
    good: { messages: hello, ...extra({ reasoning: { effort: 'max' } }) },
  },
  {
    rule: 'no sampling, outside Claude',
    model: m.gpt,
    bad: { messages: hello, inferenceConfig: { topP: 0.5 } },
    says: `Unsupported parameter: 'top_p'`,
    good: { messages: hello, inferenceConfig: { maxTokens: 10 } },
  },
  {
    rule: 'no reasoning to replay',
    model: m.llama,
    bad: { messages: [...hello, assistant(reasoning(), text('Hi')), ...hello] },
    says: 'reasoningContent content block',
    good: { messages: [...hello, assistant(reasoning(), text('Hi')), ...hello] },
    goodModel: m.gptOss,
  },
  {
    rule: 'encrypted reasoning goes back to Claude and GPT alone',
    model: m.gptOss,
    bad: { messages: [...hello, assistant(redacted, text('Hi')), ...hello] },
    says: 'reasoningContent.redactedContent',
    good: { messages: [...hello, assistant(redacted, text('Hi')), ...hello] },
    goodModel: m.gpt,
  },
  {
    rule: 'no text of reasoning in the history of GPT',
    model: m.gpt,
    bad: { messages: [...hello, assistant(reasoning(), text('Hi')), ...hello] },
    says: `This model doesn't support the reasoningContent.reasoningText.text field for assistant messages.`,
    good: { messages: [...hello, assistant(redacted, text('Hi')), ...hello] },
  },
  {
    rule: 'no signatures outside Claude',
    model: m.gptOss,
    bad: { messages: [...hello, assistant(reasoning('abc'), text('Hi')), ...hello] },
    says: 'reasoningText.signature',
    good: { messages: [...hello, assistant(reasoning(), text('Hi')), ...hello] },
  },
];

const signedThought = reasoning(signatureOf('I think.'));
const billing = 'x-anthropic-billing-header: cc_version=2.1.332.000; cc_entrypoint=cli;';
const found = (enabled?: boolean, value = 'Water is wet.') => ({
  searchResult: {
    source: 'https://example.com',
    title: 'Water',
    content: [{ text: value }],
    ...(enabled !== undefined && { citations: { enabled } }),
  },
});
const claude: RuleCase[] = [
  {
    rule: 'all search results are cited, or none',
    model: m.haiku45,
    bad: { messages: [user(found(true), found(), text('Is it?'))] },
    says: 'on all search results of a request or on none',
    good: { messages: [user(found(true), found(true), text('Is it?'))] },
  },
  {
    rule: 'search results say something',
    model: m.haiku45,
    bad: { messages: [user(found(true, ' '), text('Is it?'))] },
    says: 'search_result: content must hold',
    good: { messages: [user(found(false), text('Is it?'))] },
  },
  {
    rule: 'the system prompt holds no reserved line',
    model: m.haiku45,
    bad: { messages: hello, system: [text(`${billing}\nBe kind`)] },
    says: 'The model returned the following errors: x-anthropic-billing-header is a reserved keyword',
    good: { messages: hello, system: [text('Be kind')] },
  },
  {
    rule: 'beta flags',
    model: m.haiku45,
    bad: { messages: hello, ...extra({ anthropic_beta: ['prompt-caching-2024-07-31'] }) },
    says: 'The model returned the following errors: invalid beta flag',
    good: { messages: hello, ...extra({ anthropic_beta: ['token-efficient-tools-2025-02-19'] }) },
  },
  {
    rule: 'no sampling',
    model: m.opus47,
    bad: { messages: hello, inferenceConfig: { temperature: 0.5 } },
    says: '`temperature` is deprecated for this model.',
    good: { messages: hello, inferenceConfig: { temperature: 0.5 } },
    goodModel: m.sonnet46,
  },
  {
    rule: 'neutral sampling only',
    model: m.fable5,
    bad: { messages: hello, inferenceConfig: { temperature: 1, topP: 0.9 } },
    says: '`top_p` is deprecated for this model.',
    good: { messages: hello, inferenceConfig: { temperature: 1, topP: 0.99 } },
  },
  {
    rule: 'temperature or top_p',
    model: m.sonnet45,
    bad: { messages: hello, inferenceConfig: { temperature: 0.5, topP: 0.9 } },
    says: 'cannot both be specified',
    good: { messages: hello, inferenceConfig: { temperature: 0.5, topP: 0.9 } },
    goodModel: m.claude35,
  },
  {
    rule: 'temperature 1 when thinking',
    model: m.claude37,
    bad: { messages: hello, inferenceConfig: { temperature: 0.5 }, ...thinking('enabled') },
    says: '`temperature` may only be set to 1',
    good: { messages: hello, inferenceConfig: { temperature: 1 }, ...thinking('enabled') },
  },
  {
    rule: 'top_p near 1 when thinking',
    model: m.claude37,
    bad: { messages: hello, inferenceConfig: { topP: 0.9 }, ...thinking('enabled') },
    says: '`top_p` must be greater than or equal to 0.95',
    good: { messages: hello, inferenceConfig: { topP: 0.95 }, ...thinking('enabled') },
  },
  {
    rule: 'no top_k when thinking',
    model: m.claude37,
    bad: { messages: hello, ...extra({ thinking: { type: 'enabled', budget_tokens: 1024 }, top_k: 5 }) },
    says: '`top_k` must be unset',
    good: { messages: hello, ...extra({ top_k: 5 }) },
  },
  {
    rule: 'thinking has a known type',
    model: m.claude37,
    bad: { messages: hello, ...thinking('hard') },
    says: `Input tag 'hard'`,
    good: { messages: hello, ...thinking('disabled') },
  },
  {
    rule: 'no thinking',
    model: m.claude3,
    bad: { messages: hello, ...thinking('enabled') },
    says: 'thinking: Extra inputs are not permitted',
    good: { messages: hello, ...thinking('enabled') },
    goodModel: m.claude37,
  },
  {
    rule: 'no budgets where thinking is adaptive',
    model: m.opus47,
    bad: { messages: hello, ...thinking('enabled') },
    says: '"thinking.type.enabled" is not supported for this model',
    good: { messages: hello, ...thinking('adaptive') },
  },
  {
    rule: 'no adaptive thinking',
    model: m.haiku45,
    bad: { messages: hello, ...thinking('adaptive') },
    says: 'adaptive thinking is not supported',
    good: { messages: hello, ...thinking('adaptive') },
    goodModel: m.sonnet46,
  },
  {
    rule: 'thinking cannot be disabled',
    model: m.opus55,
    bad: { messages: hello, ...thinking('disabled') },
    says: '"thinking.type.disabled" is not supported',
    good: { messages: hello, ...thinking('disabled') },
    goodModel: m.sonnet5,
  },
  {
    rule: 'a budget is at least 1024',
    model: m.claude37,
    bad: { messages: hello, ...thinking('enabled', { budget_tokens: 1023 }) },
    says: 'greater than or equal to 1024',
    good: { messages: hello, ...thinking('enabled') },
  },
  {
    rule: 'max_tokens is above the budget',
    model: m.claude37,
    bad: { messages: hello, inferenceConfig: { maxTokens: 1024 }, ...thinking('enabled') },
    says: 'must be greater than `thinking.budget_tokens`',
    good: { messages: hello, inferenceConfig: { maxTokens: 1025 }, ...thinking('enabled') },
  },
  {
    rule: 'effort',
    model: m.sonnet46,
    bad: { messages: hello, ...extra({ output_config: { effort: 'xhigh' } }) },
    says: 'output_config.effort: Input should be',
    good: { messages: hello, ...extra({ output_config: { effort: 'max' } }) },
  },
  {
    rule: 'effort is at most high without thinking',
    model: m.sonnet5,
    bad: { messages: hello, ...extra({ thinking: { type: 'disabled' }, output_config: { effort: 'max' } }) },
    says: 'when thinking is disabled',
    good: {
      messages: hello,
      ...extra({ thinking: { type: 'disabled' }, output_config: { effort: 'high' } }),
    },
  },
  {
    rule: 'effort is at most high where it thinks between tools only',
    model: m.sonnet55,
    bad: {
      messages: hello,
      ...extra({ thinking: { type: 'between_tools' }, output_config: { effort: 'max' } }),
    },
    says: 'not supported with thinking.type between_tools',
    good: {
      messages: hello,
      ...extra({ thinking: { type: 'between_tools' }, output_config: { effort: 'high' } }),
    },
  },
  {
    rule: 'no forced tools at all',
    model: m.opus55,
    bad: { messages: hello, toolConfig: { ...tools(), toolChoice: { any: {} } } },
    says: 'The model returned the following errors: tool_choice: type "tool" and "any" are not supported for this model.',
    good: { messages: hello, toolConfig: { ...tools(), toolChoice: { any: {} } }, ...thinking('adaptive') },
    goodModel: m.fable5,
  },
  {
    rule: 'no forced tools when thinking',
    model: m.claude37,
    bad: { messages: hello, toolConfig: { ...tools(), toolChoice: { any: {} } }, ...thinking('enabled') },
    says: 'Thinking may not be enabled when tool_choice forces tool use.',
    good: { messages: hello, toolConfig: { ...tools(), toolChoice: { auto: {} } }, ...thinking('enabled') },
  },
  {
    rule: 'signature present',
    model: m.haiku45,
    bad: { messages: [...hello, assistant(reasoning(), text('Hi')), ...hello] },
    says: 'messages.1.content.0.thinking.signature: Field required',
    good: { messages: [...hello, assistant(signedThought, text('Hi')), ...hello] },
  },
  {
    rule: 'signature valid',
    model: m.haiku45,
    bad: { messages: [...hello, assistant(reasoning('abc'), text('Hi')), ...hello] },
    says: 'Invalid `signature` in `thinking` block',
    good: { messages: [...hello, assistant(signedThought, text('Hi')), ...hello] },
  },
  {
    rule: 'redacted reasoning is ours',
    model: m.haiku45,
    bad: {
      messages: [
        ...hello,
        assistant({ reasoningContent: { redactedContent: 'AAAA' } }, text('Hi')),
        ...hello,
      ],
    },
    says: 'Invalid `data` in `redacted_thinking` block',
    good: {
      messages: [
        ...hello,
        assistant({ reasoningContent: { redactedContent: redactedData } }, text('Hi')),
        ...hello,
      ],
    },
  },
  {
    rule: 'a tool loop keeps its thinking',
    model: m.haiku45,
    bad: { messages: toolTurns(), toolConfig: tools(), ...thinking('enabled') },
    says: 'Expected `thinking` or `redacted_thinking`, but found `tool_use`',
    good: {
      messages: [...hello, assistant(signedThought, call()), user(result())],
      toolConfig: tools(),
      ...thinking('enabled'),
    },
  },
];

const fields: RuleCase[] = [
  {
    rule: 'Claude’s own fields',
    model: m.haiku45,
    bad: { messages: hello, ...extra({ reasoning_effort: 'low' }) },
    says: 'reasoning_effort: Extra inputs are not permitted',
    good: { messages: hello, ...extra({ top_k: 5 }) },
  },
  {
    rule: 'Nova’s own fields',
    model: m.nova,
    bad: { messages: hello, ...extra({ top_k: 5 }) },
    says: '#: extraneous key [top_k]',
    good: { messages: hello, ...extra({ inferenceConfig: { topK: 5 } }) },
  },
  {
    rule: 'GPT’s own fields',
    model: m.gpt,
    bad: { messages: hello, ...extra({ reasoning_effort: 'low' }) },
    says: `Unknown parameter: 'reasoning_effort'.`,
    good: { messages: hello, ...extra({ reasoning_effort: 'low' }) },
    goodModel: m.gptOss,
  },
  {
    rule: 'open-weight models’ own fields',
    model: m.mistralLarge,
    bad: { messages: hello, ...extra({ top_k: 5 }) },
    says: 'Unrecognized request argument supplied: top_k',
    good: { messages: hello, ...extra({}) },
  },
  {
    rule: 'older models’ own fields',
    model: m.commandR,
    bad: { messages: hello, ...extra({ top_k: 5 }) },
    says: '#: extraneous key [top_k]',
    good: { messages: hello, ...extra({ k: 5 }) },
  },
  {
    rule: 'topK on Nova',
    model: m.nova,
    bad: { messages: hello, additionalModelRequestFields: { inferenceConfig: { topK: 129 } } },
    says: '#/inferenceConfig/topK: 129 is not less or equal to 128',
    good: { messages: hello, additionalModelRequestFields: { inferenceConfig: { topK: 128 } } },
  },
  {
    rule: 'stop sequences',
    model: m.llama,
    bad: { messages: hello, inferenceConfig: { stopSequences: ['END'] } },
    says: `doesn't support the stopSequences field`,
    good: { messages: hello, inferenceConfig: { stopSequences: ['END'] } },
    goodModel: m.nova,
  },
  {
    rule: 'latency mode',
    model: m.sonnet45,
    bad: { messages: hello, performanceConfig: { latency: 'optimized' } },
    says: 'performanceConfig.latency',
    good: { messages: hello, performanceConfig: { latency: 'optimized' } },
    goodModel: m.nova,
  },
  {
    rule: 'paths into the response are JSON pointers',
    model: m.haiku45,
    bad: { messages: hello, additionalModelResponseFieldPaths: ['stop_sequence'] },
    says: 'not a valid JSON Pointer',
    good: { messages: hello, additionalModelResponseFieldPaths: ['/stop_sequence'] },
  },
  {
    rule: 'a guardrail has a version',
    model: m.haiku45,
    bad: { messages: hello, guardrailConfig: { guardrailIdentifier: 'abc123', guardrailVersion: '' } },
    says: 'guardrailVersion',
    good: { messages: hello, guardrailConfig: { guardrailIdentifier: 'abc123', guardrailVersion: '1' } },
  },
  {
    rule: 'max tokens',
    model: m.claude3,
    bad: { messages: hello, inferenceConfig: { maxTokens: 4097 } },
    says: 'exceeds the model limit of 4096',
    good: { messages: hello, inferenceConfig: { maxTokens: 4096 } },
  },
  {
    rule: 'payload',
    model: m.nova2,
    bad: { messages: [user(text(long(25_000_001)))] },
    says: 'Input is too long for requested model.',
    good: { messages: [user(text(long(1_000_000)))] },
  },
  {
    rule: 'context',
    model: m.haiku45,
    bad: { messages: [user(text(long(1_000_000)))] },
    says: 'prompt is too long: 250004 tokens > 200000 maximum',
    good: { messages: [user(text(long(700_000)))] },
  },
  {
    rule: 'room for the answer',
    model: m.claude37,
    bad: { messages: [user(text(long(700_000)))], inferenceConfig: { maxTokens: 60_000 } },
    says: 'input length and `max_tokens` exceed context limit: 175004 + 60000 > 200000, decrease input length or `max_tokens` and try again',
    good: { messages: [user(text(long(700_000)))], inferenceConfig: { maxTokens: 60_000 } },
    goodModel: m.haiku45,
  },
];

/** One request that each rule accepts, and one that it refuses. */
export const ruleCases: RuleCase[] = [
  ...turns,
  ...content,
  ...toolCases,
  ...caching,
  ...media,
  ...schemaCases,
  ...structured,
  ...otherReasoning,
  ...claude,
  ...fields,
  ...refusalCases,
];
