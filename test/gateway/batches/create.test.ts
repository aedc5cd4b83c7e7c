import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { simulatedBatches } from '../../../local/simulator/batches.ts';
import {
  type Answer,
  asker,
  batchKeys,
  batchOf,
  chatFile,
  chatLine,
  inputRecords,
  jobCalls,
  linesIn,
  startBatchStack,
  upload,
  wholeJob,
} from '../../support/batches.ts';
import { haiku, nova } from '../../support/chat.ts';
import type { Stack } from '../../support/stack.ts';

/** POST /v1/batches: what becomes a job, and what does not. */

let stack: Stack;
beforeAll(async () => {
  stack = await startBatchStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.simulator.reset());

const alice = () => asker(stack);
const sonnet = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const tools = [
  {
    type: 'function',
    function: {
      name: 'get.weather',
      description: 'The weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
];
const schema = {
  type: 'object',
  properties: { colour: { type: 'string' } },
  required: ['colour'],
  additionalProperties: false,
};

function expectRefused(answer: Answer<object>, status: number, words: RegExp, param?: string): void {
  expect(answer.status).toBe(status);
  expect(answer.json).toMatchObject({
    error: { message: expect.stringMatching(words), ...(param !== undefined && { param }) },
  });
  expect(jobCalls(stack)).toEqual([]);
}

/** Of a batch that is done. */
async function outputOf(id: string) {
  stack.simulator.advanceJobs(wholeJob);
  const { json } = await alice()<{ output_file_id: string }>('GET', `/batches/${id}`);
  const { text } = await alice()('GET', `/files/${json.output_file_id}/content`);
  return linesIn<{ custom_id: string; response: { status_code: number; body: ChatBody } }>(text);
}
interface ChatBody {
  choices: {
    message: { content: string; tool_calls?: { function: { name: string; arguments: string } }[] };
    finish_reason: string;
  }[];
}

describe('what is no batch', () => {
  test('B1: of 99 requests is a 400 that names the hundred', async () => {
    expectRefused(await batchOf(alice(), chatFile(99)), 400, /99 requests.*at least 100/, 'input_file_id');
    // Nothing of it is left in the bucket but the client's own file.
    await expect.poll(() => stack.simulator.buckets.keys('bedrock-gateway-batches').length).toBe(1);
    expect(stack.simulator.buckets.openUploads).toBe(0);
  });

  const eighth = (line: unknown) => chatFile(100, (i) => (i === 7 ? line : chatLine(i)));
  test.each([
    [
      'no JSON',
      chatFile(100).replace(/^(.*\n){7}\{/, (head) => head.slice(0, -1)),
      /^Line 8: it is not valid JSON/,
      'line 8',
    ],
    ['no object', eighth([1]), /^Line 8: it must be a JSON object/, 'line 8'],
    [
      'no custom_id',
      eighth({ ...chatLine(7), custom_id: undefined }),
      /^Line 8: .*'custom_id'/,
      'line 8.custom_id',
    ],
    [
      'a custom_id twice',
      eighth(chatLine(3)),
      /^Line 8: 'custom_id' is the one of line 4/,
      'line 8.custom_id',
    ],
    [
      'another url',
      eighth({ ...chatLine(7), url: '/v1/embeddings' }),
      /^Line 8: .*'url'.*\/v1\/chat\/completions.*'\/v1\/embeddings'/,
      'line 8.url',
    ],
    [
      'another method',
      eighth({ ...chatLine(7), method: 'GET' }),
      /^Line 8: .*'method'.*POST.*'GET'/,
      'line 8.method',
    ],
    ['no body', eighth({ ...chatLine(7), body: 'hello' }), /^Line 8: .*'body'/, 'line 8.body'],
    [
      'another model',
      eighth(chatLine(7, { model: haiku })),
      /^Line 8: 'model' is another one/,
      'line 8.body.model',
    ],
    [
      'a wrong parameter',
      eighth(chatLine(7, { temperature: 'hot' })),
      /^Line 8: .*'temperature'/,
      'line 8.body.temperature',
    ],
    [
      'a message that is none',
      eighth(chatLine(7, { messages: [{ role: 'owl', content: 'a' }] })),
      /^Line 8: .*messages\[0\]/,
      'line 8.body.messages[0].role',
    ],
    ['a stream', eighth(chatLine(7, { stream: true })), /^Line 8: .*`stream`/, 'line 8.body.stream'],
    ['several answers', eighth(chatLine(7, { n: 2 })), /^Line 8: .*one answer/, 'line 8.body.n'],
    [
      'an image by URL',
      eighth(
        chatLine(7, {
          messages: [
            {
              role: 'user',
              content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }],
            },
          ],
        }),
      ),
      /^Line 8: .*by URL/,
      'line 8',
    ],
    [
      'a technique',
      eighth(chatLine(7, { optimisation: { technique: 'bon' } })),
      /^Line 8: .*techniques/i,
      'line 8.body.model',
    ],
  ] as const)('B2: with %s in line 8 is a 400 that names it', async (_, content, words, param) => {
    // biome-ignore format: a table
    expectRefused(await batchOf(alice(), content), 400, words, param);
    await expect.poll(() => stack.simulator.buckets.keys('bedrock-gateway-batches').length).toBe(1);
  });

  test('B5: with tools for a model that is no Claude is a 400', async () => {
    const content = chatFile(100, (i) => chatLine(i, { tools }));
    expectRefused(
      await batchOf(alice(), content),
      400,
      /^Line 1: .*tools for Claude alone/,
      'line 1.body.tools',
    );
  });

  test.each([
    ['B6: GPT', 'us.openai.gpt-5.6-sol'],
    ['Grok', 'us.xai.grok-4.6'],
    ['an imported model', 'arn:aws:bedrock:us-east-1:123456789012:imported-model/qwen2x5coder'],
    ['embeddings', 'amazon.titan-embed-text-v2:0'],
    ['provisioned throughput', 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghijkl'],
    ['a model of another region', 'custom:eu-west-1:amazon.nova-lite-v1:0'],
  ])('%s is not offered for batches', async (_, model) => {
    const answer = await batchOf(
      alice(),
      chatFile(100, (i) => chatLine(i, { model })),
    );
    expectRefused(answer, 400, /^Line 1: The model `.*` is not offered for batches/, 'line 1.model');
  });

  test.each([nova, haiku])(
    'a file in S3 is no part of a request, for the job would read it as itself: %s',
    async (model) => {
      const uri = 's3://bedrock-gateway-batches/batches/somebody/openai/x/in/0.jsonl';
      const content = [
        { type: 'text', text: 'What is it?' },
        { type: 'file', file: { filename: 'a.txt', file_data: uri } },
      ];
      const image = [{ type: 'image_url', image_url: { url: 's3://a-bucket/a.png' } }];
      for (const each of [content, image]) {
        const lines = chatFile(100, (i) =>
          chatLine(i, { model, messages: [{ role: 'user', content: each }] }),
        );
        expectRefused(await batchOf(alice(), lines), 400, /^Line 1: .*S3/);
      }
    },
  );

  test('a model that nothing has is a 404, and one beyond the key’s scope a 403', async () => {
    const unknown = await batchOf(
      alice(),
      chatFile(100, (i) => chatLine(i, { model: 'no-such-model' })),
    );
    expectRefused(unknown, 404, /^Line 1: The model `no-such-model` does not exist/);
    const scoped = asker(stack, batchKeys.scoped);
    const beyond = await batchOf(
      scoped,
      chatFile(100, (i) => chatLine(i, { model: haiku })),
    );
    expectRefused(beyond, 403, /^Line 1: This API key may not use the model/);
  });

  test('of a key with a budget in dollars is a 403: nothing could hold it to that, and no job is made', async () => {
    const budgeted = asker(stack, batchKeys.budgeted);
    const made = await batchOf(budgeted, chatFile(100));
    expectRefused(made, 403, /budget in dollars/);
    expect(made.json).toMatchObject({ error: { code: 'budget_not_enforceable' } });
    expect(jobCalls(stack)).toEqual([]);
  });

  test('B11: of a key with a guardrail is a 400, and so is a request that names one', async () => {
    const guarded = asker(stack, batchKeys.guarded);
    stack.simulator.calls.length = 0;
    const answer = await guarded('POST', '/batches', {
      input_file_id: 'file-x',
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    });
    expectRefused(answer, 400, /no guardrail/);
    expect(stack.simulator.calls).toEqual([]);
    const guardrailConfig = { guardrailIdentifier: 'abc123', guardrailVersion: '1' };
    const own = await batchOf(
      alice(),
      chatFile(100, (i) => chatLine(i, { guardrailConfig })),
    );
    expectRefused(own, 400, /^Line 1: .*no guardrail/);
  });

  test.each([
    ['B14: another window', { completion_window: '1h' }, /'completion_window'.*24h/],
    ['another endpoint', { endpoint: '/v1/embeddings' }, /'endpoint'.*\/v1\/chat\/completions/],
    ['metadata that are no texts', { metadata: { a: 1 } }, /'metadata.a'/],
    ['too many metadata', { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`n${i}`, 'x'])) }, /'metadata'.*16/], // biome-ignore format: one line
  ])('%s is a 400', async (_, more, words) => {
    expectRefused(await batchOf(alice(), chatFile(100), more), 400, words);
  });

  test('B12: an id that is forged, of another kind or another key’s is a 404', async () => {
    const { json } = await batchOf(alice(), chatFile(100));
    const bob = asker(stack, batchKeys.bob);
    const sealed = json.id.slice('batch_'.length);
    const region = Buffer.from('eu-west-1/999999999999/model-invocation-job/abc').toString('base64url');
    stack.simulator.calls.length = 0;
    for (const [ask, id] of [
      [bob, json.id],
      [alice(), `batch_${region}`],
      [alice(), `batch_${sealed.slice(0, -4)}AAAA`],
      [alice(), `msgbatch_${sealed}`],
      [alice(), json.input_file_id],
    ] as const) {
      const shown = await ask('GET', `/batches/${id}`);
      expect([shown.status, shown.json]).toMatchObject([404, { error: { code: 'batch_not_found' } }]);
      expect((await ask('POST', `/batches/${id}/cancel`)).status).toBe(404);
    }
    expect(jobCalls(stack, 'GetModelInvocationJob')).toEqual([]);
    expect(jobCalls(stack, 'StopModelInvocationJob')).toEqual([]);
  });

  test('a file of another key is none', async () => {
    const id = await upload(asker(stack, batchKeys.bob), chatFile(100));
    const body = { input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' };
    expectRefused(await alice()('POST', '/batches', body), 404, /No such file/);
  });

  test('a refusal of Bedrock’s leaves nothing behind', async () => {
    stack.simulator.failing.set('CreateModelInvocationJob', 'AccessDeniedException');
    const { status, text } = await batchOf(alice(), chatFile(100));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toMatch(/123456789012|assumed-role/);
    await expect.poll(() => stack.simulator.buckets.keys('bedrock-gateway-batches').length).toBe(1);
  });
});

describe('a batch', () => {
  test('B3: for Nova is a job of Converse whose records are called by their place', async () => {
    const { status, json } = await batchOf(alice(), chatFile(100), { metadata: { run: '7' } });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^batch_[\w-]+$/),
      object: 'batch',
      endpoint: '/v1/chat/completions',
      status: 'validating',
      completion_window: '24h',
      request_counts: { total: 100, completed: 0, failed: 0 },
      metadata: { run: '7' },
      output_file_id: null,
      error_file_id: null,
      errors: null,
    });
    const [call] = jobCalls(stack);
    expect(call?.body).toMatchObject({
      modelId: nova,
      modelInvocationType: 'Converse',
      roleArn: 'arn:aws:iam::123456789012:role/bedrock-gateway-batches',
      timeoutDurationInHours: 24,
      tags: expect.arrayContaining([
        { key: 'bedrock-gateway-key', value: 'alice' },
        { key: 'team', value: 'a' },
      ]),
    });
    const records = inputRecords(stack);
    expect(records.map(({ recordId }) => Number(recordId))).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(records[5]).toEqual({
      recordId: '00000000005',
      modelInput: { messages: [{ role: 'user', content: [{ text: 'Question 5' }] }] },
    });
  });

  test('B4: with tools for Claude is a job of InvokeModel, and the calls come back under their own names', async () => {
    const content = chatFile(100, (i) =>
      chatLine(i, {
        model: sonnet,
        tools,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: `[[call:get_weather {"city":"Paris"}]] ${i}` },
        ],
      }),
    );
    const { status, json } = await batchOf(alice(), content);
    expect(status).toBe(200);
    expect(jobCalls(stack)[0]?.body).toMatchObject({ modelInvocationType: 'InvokeModel', modelId: sonnet });
    expect(inputRecords(stack)[0]?.modelInput).toMatchObject({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: expect.any(Number),
      system: [{ type: 'text', text: 'Be brief.' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: expect.any(String) }] }],
      tools: [{ name: 'get_weather', input_schema: { type: 'object' } }],
    });
    const [line] = await outputOf(json.id);
    expect(line?.response.body.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ function: { name: 'get.weather', arguments: '{"city":"Paris"}' } }] },
    });
  });

  test.each([
    ['a Claude with a grammar', sonnet],
    ['an older Claude, by a tool', 'us.anthropic.claude-opus-4-1-20250805-v1:0'],
    ['Nova, by instruction', nova],
    ['gpt-oss', 'openai.gpt-oss-20b-1:0'],
  ])('B13: with a schema is accepted: %s', async (_, model) => {
    const response_format = { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };
    const content = chatFile(100, (i) => chatLine(i, { model, response_format }));
    const { status, json, text } = await batchOf(alice(), content);
    expect([status, text]).toMatchObject([200, expect.anything()]);
    const lines = await outputOf(json.id);
    expect(lines).toHaveLength(100);
    const content0 = lines[0]?.response.body.choices[0]?.message.content ?? '';
    expect(JSON.parse(content0)).toEqual({ colour: expect.any(String) });
  });

  test('B15: loses its cache marks, and is told so once', async () => {
    const text = { type: 'text', text: 'Long words', cache_control: { type: 'ephemeral' } };
    for (const model of [haiku, nova]) {
      const content = chatFile(100, (i) =>
        chatLine(i, { model, messages: [{ role: 'user', content: [text] }] }),
      );
      const { status, headers } = await batchOf(alice(), content);
      expect(status).toBe(200);
      const told = `${headers.get('x-gateway-ignored')} ${headers.get('x-gateway-warnings')}`;
      expect(told.match(/cache_control/g)).toHaveLength(1);
      expect(JSON.stringify(inputRecords(stack))).not.toMatch(/cache/i);
    }
  });

  test('has no fallbacks, and says so', async () => {
    const { headers } = await batchOf(
      alice(),
      chatFile(100, (i) => chatLine(i, { models: [nova, haiku] })),
    );
    expect(headers.get('x-gateway-warnings')).toBe('a batch has no models to fall back to');
  });

  test('of a model that wants a profile is made by one', async () => {
    const model = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
    const { status, text } = await batchOf(
      alice(),
      chatFile(100, (i) => chatLine(i, { model })),
    );
    expect([status, text]).toMatchObject([200, expect.anything()]);
    const made = jobCalls(stack).filter(({ status }) => status === 200);
    expect(made.map(({ body }) => (body as { modelId: string }).modelId)).toEqual([
      expect.stringMatching(/^(us|global)\.anthropic/),
    ]);
  });

  test('of Responses has its answers in that form', async () => {
    const content = chatFile(100, (i) => ({
      ...chatLine(i),
      url: '/v1/responses',
      body: { model: nova, input: `Question ${i}`, instructions: 'Be brief.' },
    }));
    const { status, json, text } = await batchOf(alice(), content, { endpoint: '/v1/responses' });
    expect([status, text]).toMatchObject([200, expect.anything()]);
    const [line] = await outputOf(json.id);
    expect(line?.response.body).toMatchObject({
      object: 'response',
      status: 'completed',
      instructions: 'Be brief.',
      output: [
        { type: 'message', content: [{ type: 'output_text', text: expect.stringContaining('Question') }] },
      ],
    });
  });
});

describe('of Responses what items of the input say of the answer is minded', () => {
  const long = `exec_${'x'.repeat(90)}`;
  const tools = [
    { type: 'namespace', name: 'functions', description: 'F', tools: [{ type: 'custom', name: long }] },
  ];
  const format = { type: 'json_schema', name: 'colour', schema };
  const user = { role: 'user', content: 'Hi' };
  /** Each beside requests that have nothing of it and the same settings. */
  test.each<[string, unknown[], object]>([
    [
      'tools (Codex for GPT-6.1)',
      [{ type: 'additional_tools', role: 'developer', tools }, { role: 'user', content: `[[call:functions__${long} {"input":"ls"}]]` }],
      { type: 'custom_tool_call', name: long, namespace: 'functions', input: 'ls' },
    ],
    [
      'tools that a search has found',
      [
        user,
        { type: 'tool_search_call', call_id: 'c1', execution: 'client', arguments: {} },
        { type: 'tool_search_output', call_id: 'c1', execution: 'client', tools },
        { role: 'assistant', content: 'Found.' },
        { role: 'user', content: `[[call:functions__${long} {"input":"ls"}]]` },
      ],
      { type: 'custom_tool_call', name: long, namespace: 'functions', input: 'ls' },
    ],
    [
      'a form',
      [{ type: 'configuration_update', text: { format } }, user],
      { type: 'message', content: [{ text: expect.stringMatching(/^\{"colour":/) }] },
    ],
    ['a trigger', [user, { type: 'compaction_trigger' }], { type: 'compaction', encrypted_content: expect.stringMatching(/^gw1/) }],
  ])('%s', async (_, input, item) => {
    const content = chatFile(100, (i) => ({
      ...chatLine(i),
      url: '/v1/responses',
      body: { model: haiku, input: i % 2 ? [user] : input },
    }));
    const { json, text } = await batchOf(alice(), content, { endpoint: '/v1/responses' });
    expect(text).toContain('"validating"');
    const lines = await outputOf(json.id);
    const last = (id: string) => {
      const { body } = lines.find(({ custom_id }) => custom_id === id)?.response ?? {};
      return (body as unknown as { output: object[] }).output.at(-1);
    };
    expect(last('request-0')).toMatchObject(item);
    expect(last('request-1')).toMatchObject({ type: 'message' });
  });
}); // biome-ignore format: a table

describe('an input in S3', () => {
  const inS3 = (uri: string) => ({
    input_file_id: uri,
    endpoint: '/v1/chat/completions',
    completion_window: '24h',
  });

  test('is read from the buckets that are open for it, larger than any request can be', async () => {
    const long = 'x'.repeat(60_000);
    const content = chatFile(200, (i) =>
      chatLine(i, { messages: [{ role: 'user', content: `${long} ${i}` }] }),
    );
    expect(Buffer.byteLength(content)).toBeGreaterThan(10_000_000);
    stack.simulator.buckets.put('batch-inputs', 'my folder/run (1)+ä.jsonl', Buffer.from(content));
    const { status, json, text } = await alice()(
      'POST',
      '/batches',
      inS3('s3://batch-inputs/my folder/run (1)+ä.jsonl'),
    );
    expect([status, text]).toMatchObject([200, expect.anything()]);
    expect(json).toMatchObject({
      request_counts: { total: 200 },
      input_file_id: 's3://batch-inputs/my folder/run (1)+ä.jsonl',
    });
    // Written in parts.
    expect(jobCalls(stack, 'UploadPart')).toHaveLength(2);
    expect(jobCalls(stack, 'CompleteMultipartUpload')).toHaveLength(1);
    expect(inputRecords(stack)).toHaveLength(200);
  });

  test('with a fault late in it is given up, with its parts', async () => {
    const long = 'x'.repeat(60_000);
    const content = chatFile(200, (i) =>
      i === 199 ? {} : chatLine(i, { messages: [{ role: 'user', content: `${long} ${i}` }] }),
    );
    stack.simulator.buckets.put('batch-inputs', 'late.jsonl', Buffer.from(content));
    expectRefused(
      await alice()('POST', '/batches', inS3('s3://batch-inputs/late.jsonl')),
      400,
      /^Line 200: /,
    );
    await expect.poll(() => stack.simulator.buckets.openUploads).toBe(0);
    expect(stack.simulator.buckets.keys('bedrock-gateway-batches')).toEqual([]);
  });

  test.each([
    's3://batch-inputs/none.jsonl',
    's3://bedrock-gateway-batches/files/a',
    's3://somebody-elses-bucket/a.jsonl',
    's3://batch-inputs-too/a.jsonl',
  ])('%s is a 404, whatever there is', async (uri) => {
    expectRefused(await alice()('POST', '/batches', inS3(uri)), 404, /no such file in S3/);
  });

  test('a name that is none is a 400', async () => {
    expectRefused(await alice()('POST', '/batches', inS3('s3://UPPER')), 400, /s3:\/\/bucket\/key/);
  });

  test('may be bound to the folder of a key', async () => {
    const own = await startBatchStack({
      env: { BATCHES: JSON.stringify({ ...JSON.parse(simulatedBatches), inputs: 'batch-inputs/{key}/' }) },
    });
    for (const name of ['alice', 'bob']) {
      own.simulator.buckets.put('batch-inputs', `${name}/a.jsonl`, Buffer.from(chatFile(100)));
    }
    const ask = asker(own);
    expect((await ask('POST', '/batches', inS3('s3://batch-inputs/alice/a.jsonl'))).status).toBe(200);
    expect((await ask('POST', '/batches', inS3('s3://batch-inputs/bob/a.jsonl'))).status).toBe(404);
    await own.close();
  });
});
