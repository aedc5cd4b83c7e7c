import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { citationOf } from '../../../../lambda/apis/messages/citations.ts';
import { answerOf } from '../../../../lambda/backends/messages/answer.ts';
import { messagesBody } from '../../../../lambda/backends/messages/from-converse.ts';
import { converseAnswer } from '../../../../lambda/backends/messages/to-converse.ts';
import type { ContentBlock, ConverseRequest, JsonObject } from '../../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../../lambda/errors.ts';
import { type Simulator, startSimulator } from '../../../../local/simulator/index.ts';
import { post } from '../../../local/simulator/helpers.ts';

/** A Claude's own body in place of a request of Converse: the same to the model, which the simulator reads both ways. */

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const user = (...content: ContentBlock[]): ConverseRequest['messages'][number] => ({ role: 'user', content });
const plain: ConverseRequest = { messages: [user({ text: 'Hello' })], inferenceConfig: { maxTokens: 50 } };
const toolSpec = {
  name: 'look',
  description: 'Looks',
  inputSchema: { json: { type: 'object', properties: {} } },
};

async function ask(word: 'invoke' | 'converse', body: object): Promise<JsonObject> {
  const { response, bytes } = await post(simulator, `/model/${model}/${word}`, body);
  expect([response.status, bytes.toString()]).toMatchObject([200, expect.anything()]);
  return JSON.parse(bytes.toString());
}

const requests: [string, ConverseRequest][] = [
  ['a question', plain],
  ['a system prompt and sampling', { ...plain, system: [{ text: 'Be brief.' }], inferenceConfig: { maxTokens: 20, temperature: 0.5, stopSequences: ['simulated'] } }],
  ['an image and documents', { ...plain, messages: [user({ text: 'What is it?' }, { image: { format: 'png', source: { bytes: png } } }, { document: { name: 'a', format: 'txt', source: { bytes: Buffer.from('words').toString('base64') } } })] }],
  ['tools, of which one is demanded', { ...plain, toolConfig: { tools: [{ toolSpec }], toolChoice: { tool: { name: 'look' } } } }],
  ['calls and their results', { messages: [user({ text: 'Look' }), { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'look', input: { a: 1 } } }] }, user({ toolResult: { toolUseId: 't1', content: [{ json: { b: 2 } }, { text: 'done' }], status: 'error' } })], toolConfig: { tools: [{ toolSpec }] } }],
  ['thinking', { ...plain, inferenceConfig: { maxTokens: 3000 }, additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } } }],
  ['a schema', { ...plain, outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}' } } } } }],
]; // biome-ignore format: a table

describe('a request in a Claude’s own form', () => {
  test.each(requests)('%s: is taken, and answered as Converse answers it', async (_, request) => {
    const own = converseAnswer(answerOf(await ask('invoke', messagesBody(request))));
    const converse = await ask('converse', request);
    const texts = (content: unknown) =>
      (content as ContentBlock[]).map((block) =>
        'toolUse' in block ? [block.toolUse.name, block.toolUse.input] : Object.keys(block),
      );
    expect(texts(own.output.message.content)).toEqual(
      texts((converse.output as { message: { content: unknown } }).message.content),
    );
    expect(own.stopReason).toBe(converse.stopReason);
    expect(own.usage.outputTokens).toBeGreaterThan(0);
  });

  test('has a place for every block of a conversation that Claude takes', () => {
    const content: ContentBlock[] = [
      { text: 'a' },
      { guardContent: { text: { text: 'b' } } },
      { citationsContent: { content: [{ text: 'c' }] } },
      { searchResult: { source: 's', title: 't', content: [{ text: 'd' }] } },
      { document: { name: 'n', format: 'pdf', source: { bytes: 'JVBERi0=' }, citations: { enabled: true } } },
      { document: { name: 'n', source: { content: [{ text: 'e' }] } } },
      { reasoningContent: { reasoningText: { text: 'f', signature: 'sig' } } },
      { reasoningContent: { reasoningText: { text: 'unsigned' } } },
      { reasoningContent: { redactedContent: 'cmVk' } },
      { cachePoint: { type: 'default' } },
    ];
    const [turn] = messagesBody({ messages: [user(...content)] }).messages as { content: JsonObject[] }[];
    expect(turn?.content).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
      { type: 'text', text: 'c' },
      { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'd' }] },
      {
        type: 'document',
        title: 'n',
        source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
        citations: { enabled: true },
      },
      { type: 'document', title: 'n', source: { type: 'content', content: [{ type: 'text', text: 'e' }] } },
      { type: 'thinking', thinking: 'f', signature: 'sig' },
      { type: 'redacted_thinking', data: 'cmVk' },
    ]);
  });

  test('keeps what fitting has put among the fields of the model', () => {
    const body = messagesBody({
      ...plain,
      toolConfig: { tools: [{ toolSpec }], toolChoice: { auto: {} } },
      outputConfig: { effort: 'low' },
      additionalModelRequestFields: {
        top_k: 5,
        tool_choice: { type: 'auto', disable_parallel_tool_use: true },
        output_config: { a: 1 },
      },
    });
    expect(body).toMatchObject({
      top_k: 5,
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      output_config: { a: 1, effort: 'low' },
    });
  });

  test.each<[string, ContentBlock]>([
    ['video', { video: { format: 'mp4', source: { bytes: '' } } }],
    ['audio', { audio: { format: 'mp3', source: { bytes: '' } } }],
    ['an image in S3', { image: { format: 'png', source: { s3Location: { uri: 's3://a/b' } } } }],
    [
      'a document in S3',
      { document: { name: 'a', format: 'pdf', source: { s3Location: { uri: 's3://a/b' } } } },
    ],
    ['a spreadsheet', { document: { name: 'a', format: 'xlsx', source: { bytes: 'AA' } } }],
  ])('with %s is a 400', (_, block) => {
    expect(() => messagesBody({ messages: [user(block)] })).toThrow(GatewayError);
  });

  test('with a system tool is a 400', () => {
    expect(() => messagesBody({ ...plain, toolConfig: { tools: [{ systemTool: { name: 'x' } }] } })).toThrow(
      GatewayError,
    );
  });
});

test('an answer of thinking, hidden thinking, text and a call is told in Converse’s words', () => {
  const content: JsonObject[] = [
    { type: 'thinking', thinking: 'a', signature: 's' },
    { type: 'redacted_thinking', data: 'cmVk' },
    { type: 'text', text: 'b' },
    { type: 'tool_use', id: 't', name: 'look', input: { c: 1 } },
    { type: 'something_new' },
  ];
  const answer = converseAnswer(
    answerOf({ content, stop_reason: 'tool_use', usage: { input_tokens: 1, output_tokens: 2 } }),
  );
  expect(answer.output.message.content).toEqual([
    { reasoningContent: { reasoningText: { text: 'a', signature: 's' } } },
    { reasoningContent: { redactedContent: 'cmVk' } },
    { text: 'b' },
    { toolUse: { toolUseId: 't', name: 'look', input: { c: 1 } } },
  ]);
  expect(answer).toMatchObject({ stopReason: 'tool_use', usage: { inputTokens: 1, outputTokens: 2 } });
});

test('what an answer cites comes back as Claude said it, through Converse’s words', () => {
  const cited_text = 'the sky is blue';
  const document = { cited_text, document_index: 1, document_title: 'Skies' };
  const citations: JsonObject[] = [
    { type: 'char_location', ...document, start_char_index: 3, end_char_index: 18 },
    { type: 'page_location', ...document, document_title: null, start_page_number: 2, end_page_number: 3 },
    { type: 'content_block_location', ...document, start_block_index: 0, end_block_index: 1 },
    {
      type: 'search_result_location',
      cited_text,
      source: 'https://example.com/sky',
      title: 'Skies',
      search_result_index: 2,
      start_block_index: 0,
      end_block_index: 1,
    },
  ];
  const web = { type: 'web_search_result_location', cited_text, url: 'https://example.com', title: 'Sky' };
  const content = [
    { type: 'text', text: 'It is blue.', citations: [...citations, web] },
    { type: 'text', text: ' Mostly.', citations: [] },
  ];
  const [cited, plainText] = converseAnswer(answerOf({ content, stop_reason: 'end_turn', usage: {} })).output
    .message.content;
  expect(plainText).toEqual({ text: ' Mostly.' });
  if (!cited || !('citationsContent' in cited)) throw new Error('nothing is cited');
  expect(cited.citationsContent.content).toEqual([{ text: 'It is blue.' }]);
  expect(cited.citationsContent.citations?.map(citationOf)).toEqual(citations);
});
