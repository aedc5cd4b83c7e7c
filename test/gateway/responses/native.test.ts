import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { list } from '../../../lambda/canonical/json.ts';
import { keysFile } from '../../support/keys-file.ts';
import { captured } from '../../support/responses-captures.ts';
import { eventsOf, foldResponse } from '../../support/responses-stream.ts';
import {
  startScriptedRuntime,
  upstreamEvents,
  upstreamMessage,
  upstreamReasoning,
  upstreamResponse,
} from '../../support/scripted-runtime.ts';
import { type Stack, type StackOptions, startStack, testKey } from '../../support/stack.ts';

/** Models that speak Responses, asked in it: what goes out, what comes back, and when Converse is asked instead. */

const gpt = 'global.openai.gpt-5.6-sol';
const hi = { model: gpt, input: 'Hi' };
const sse = () => ({ sse: upstreamEvents() });
const whole = () => ({ status: 200, json: upstreamResponse() });

let runtime: Awaited<ReturnType<typeof startScriptedRuntime>>;
let stack: Stack;
beforeAll(async () => {
  runtime = await startScriptedRuntime();
  stack = await startStack({ runtimeUrl: runtime.url });
});
afterAll(async () => {
  await stack.close();
  await runtime.close();
});
beforeEach(() => runtime.script());

const paths = () => runtime.calls.map(({ path }) => path);
async function ask(body: object, headers?: Record<string, string>) {
  const response = await stack.post('/responses', body, headers);
  return { response, status: response.status, text: await response.text() };
}

/** A stack of its own, for what one request may learn. */
async function apart<T>(options: StackOptions, run: (own: Stack) => Promise<T>): Promise<T> {
  const own = await startStack({ runtimeUrl: runtime.url, ...options });
  try {
    return await run(own);
  } finally {
    await own.close();
  }
}

describe('what goes out', () => {
  test('N06 the client’s own body, signed for Bedrock; nothing is stored', async () => {
    runtime.script(whole());
    const { status } = await ask({
      ...hi,
      foo: { bar: 1 },
      metadata: { team: 'a' },
      client_metadata: { x: '1' },
    });
    expect(status).toBe(200);
    const [call] = runtime.calls;
    expect(call?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 .*\/us-east-1\/bedrock\/aws4_request/);
    expect(call?.headers.accept).toBe('application/json');
    expect(call?.body).toEqual({
      model: gpt,
      stream: false,
      input: 'Hi',
      foo: { bar: 1 },
      metadata: { team: 'a' },
      include: ['reasoning.encrypted_content'],
      store: false,
    });
  });

  test('N07 store: true is not passed on', async () => {
    runtime.script(whole());
    const { text } = await ask({ ...hi, store: true });
    expect(runtime.calls[0]?.body.store).toBe(false);
    expect(JSON.parse(text).store).toBe(false);
  });

  test('R75 N09 Codex for GPT-5.5: custom tools and its search stay, what nobody can run is named', async () => {
    runtime.script(sse());
    const body = captured('codex/responses-gpt55-turn1', gpt);
    const { response } = await ask(body);
    const [call] = runtime.calls;
    expect(paths()).toEqual(['responses']);
    expect(call?.headers.accept).toBe('text/event-stream');
    expect(call?.body).not.toHaveProperty('client_metadata');
    const types = list(call?.body.tools).map(({ type }) => type);
    expect(new Set(types)).toEqual(new Set(['function', 'custom', 'tool_search']));
    expect(call?.body.tools).toEqual((body.tools ?? []).filter(({ type }) => type !== 'web_search'));
    expect(response.headers.get('x-gateway-ignored')).toContain('web_search');
    expect(response.headers.get('x-gateway-ignored')).toContain('client_metadata');
  });

  test('Codex for GPT-6.1: tools stay in the item that holds them', async () => {
    runtime.script(sse());
    await ask(captured('codex/responses-gpt6-turn1', gpt));
    const input = runtime.calls[0]?.body.input as { type?: string; tools?: { type: string }[] }[];
    expect(input.find(({ type }) => type === 'additional_tools')?.tools?.length).toBeGreaterThan(0);
  });

  test('items of Codex’s built-in provider lose its notes', async () => {
    runtime.script(sse());
    await ask(captured('codex/responses-builtin-turn2', gpt));
    expect(paths()).toEqual(['responses']);
    expect(JSON.stringify(runtime.calls[0]?.body)).not.toContain('internal_');
  });

  test('sampling and tiers that the model refuses are left out, and named', async () => {
    runtime.script(whole());
    const { response } = await ask({
      ...hi,
      temperature: 0.2,
      top_p: 1,
      service_tier: 'flex',
      max_output_tokens: 5,
    });
    const { body } = runtime.calls[0] ?? {};
    expect(body).not.toHaveProperty('temperature');
    expect(body).not.toHaveProperty('service_tier');
    expect(body?.max_output_tokens).toBe(16);
    expect(response.headers.get('x-gateway-ignored')).toBe('temperature; service_tier');
    expect(response.headers.get('x-gateway-warnings')).toMatch(/max_output_tokens 5 became 16/);
  });

  test('N22 images by URL are no longer theirs to fetch: s3 and data go on', async () => {
    runtime.script(whole());
    const image = {
      type: 'input_image',
      image_url: 'data:image/png;base64,iVBORw0KGgo=',
      detail: 'original',
    };
    const inS3 = { type: 'input_image', image_url: 's3://bucket/a.png' };
    await ask({ ...hi, input: [{ role: 'user', content: [image, inS3] }] });
    expect(runtime.calls[0]?.body.input).toEqual([{ role: 'user', content: [image, inS3] }]);
    const { status } = await ask({ ...hi, input: [{ role: 'user', content: [{ ...image, image_url: 'https://127.0.0.1/a.png' }] }] }); // biome-ignore format: one line
    expect([status, runtime.calls.length]).toEqual([400, 1]);
  });

  test('N09 a hosted tool that is demanded is a 400', async () => {
    const { status } = await ask({
      ...hi,
      tools: [{ type: 'web_search' }],
      tool_choice: { type: 'web_search' },
    });
    expect([status, runtime.calls.length]).toEqual([400, 0]);
  });

  test('Kimi K3 has tiers, and takes sampling', async () => {
    runtime.script(whole());
    await ask({ model: 'global.moonshotai.kimi-k3', input: 'Hi', temperature: 0.2, service_tier: 'flex' });
    expect(runtime.calls[0]?.body).toMatchObject({ temperature: 0.2, service_tier: 'flex' });
  });
});

describe('what comes back', () => {
  test('R77 a stream as it came, under the gateway’s id and the client’s name of the model', async () => {
    runtime.script(sse());
    const { text, response } = await ask({ ...hi, store: false, stream: true });
    const events = eventsOf(text);
    const folded = foldResponse(events);
    expect(folded.model).toBe(gpt);
    expect(folded.id).toMatch(/^resp_[a-f0-9]{32}$/);
    expect(folded.output).toEqual(upstreamResponse().output);
    expect(folded.usage).toEqual(upstreamResponse().usage);
    const plain = (list: object[]) => list.map((event) => JSON.stringify({ ...event, response: undefined }));
    expect(plain(events)).toEqual(plain(upstreamEvents()));
    expect(response.headers.get('x-gateway-model')).toBe(gpt);
  });

  test('the same whole', async () => {
    runtime.script(whole());
    const { text } = await ask({ ...hi, store: false });
    const body = JSON.parse(text);
    expect(body).toEqual({ ...upstreamResponse(), id: body.id, model: gpt, tools: [], prompt_cache_key: null, safety_identifier: null }); // biome-ignore format: one line
    expect(body.id).toMatch(/^resp_[a-f0-9]{32}$/);
  });

  test('cut anywhere on its way, and after comments', async () => {
    const bytes = upstreamEvents().map(
      (event) => `: ping\r\nevent: x\r\ndata: ${JSON.stringify(event)}\r\n\r\n`,
    );
    const pieces = bytes.join('').match(/[\s\S]{1,700}/g) ?? [];
    runtime.script({ sse: pieces });
    const { text } = await ask({ ...hi, store: false, stream: true });
    expect(foldResponse(eventsOf(text)).output).toEqual(upstreamResponse().output);
  });

  test('what was used is metered: cached tokens are no other input', async () => {
    runtime.script(sse());
    const from = stack.logs.length;
    await ask({ ...hi, stream: true });
    const line = stack.logs.slice(from).find((each) => each.msg === 'request' || each.message === 'request');
    expect(JSON.stringify(line)).toMatch(/"cacheRead\w*":60/);
    expect(JSON.stringify(line)).toMatch(/"input\w*":30/);
  });

  test('what was not counted is estimated, and said to be', async () => {
    runtime.script({ status: 200, json: upstreamResponse({ usage: null }) });
    const from = stack.logs.length;
    await ask(hi);
    expect(JSON.stringify(stack.logs.slice(from))).toMatch(/not_reported/);
  });

  test('incomplete answers are', async () => {
    runtime.script({
      sse: upstreamEvents({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }),
    });
    const { text } = await ask({ ...hi, stream: true });
    expect(foldResponse(eventsOf(text)).status).toBe('incomplete');
  });
});

describe('failures', () => {
  test('R78 N13 200 with another operation’s error is a 502', async () => {
    const json = { Output: { __type: 'com.amazon.coral.service#UnknownOperationException' }, Version: '1.0' };
    for (const stream of [false, true]) {
      runtime.script({ status: 200, json }, { status: 200, json }, { status: 200, json });
      const { status, text } = await ask({ ...hi, stream });
      expect([status, JSON.parse(text).error.code]).toEqual([502, 'bad_gateway']);
    }
  });

  test('N14 a stream without its end fails, in the client’s own events', async () => {
    for (const cut of [true, undefined]) {
      runtime.script({ sse: [...upstreamEvents().slice(0, -1), { pauseMs: 50 }], ...(cut && { cut }) });
      const events = eventsOf((await ask({ ...hi, stream: true })).text);
      expect(events.at(-1)).toMatchObject({
        type: 'response.failed',
        response: { status: 'failed', model: gpt },
      });
      expect(events.map(({ type }) => type)).not.toContain('response.completed');
    }
  });

  test('N15 an error within a stream fails it', async () => {
    const error = { error: { message: 'Too many requests', code: 'rate_limit_exceeded' } };
    runtime.script({ sse: [...upstreamEvents().slice(0, 12), `data: ${JSON.stringify(error)}\n\n`] });
    const last = eventsOf((await ask({ ...hi, stream: true })).text).at(-1);
    expect(last).toMatchObject({
      type: 'response.failed',
      response: { error: { code: 'rate_limit_exceeded' } },
    });
  });

  test('N16 a response that fails after its text is passed on as failed, and is a failure in the log', async () => {
    const failed = { status: 'failed', error: { code: 'server_error', message: 'It broke.' }, usage: null };
    runtime.script({ sse: upstreamEvents(failed) });
    const from = stack.logs.length;
    const events = eventsOf((await ask({ ...hi, stream: true })).text);
    expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { error: failed.error } });
    expect(events.filter(({ type }) => type === 'response.failed')).toHaveLength(1);
    expect(stack.logs.slice(from).some((line) => JSON.stringify(line).includes('upstream_error'))).toBe(true);
  });

  test('N16 why it failed is shown without what names the account, but for what the client wrote itself', async () => {
    const message = 'arn:aws:sts::123456789012:assumed-role/gateway/x in 123456789012 read s3://own/a.png.';
    runtime.script({ sse: upstreamEvents({ status: 'failed', error: { code: 'server_error', message } }) });
    const events = eventsOf((await ask({ ...hi, input: 'Look at s3://own/a.png.', stream: true })).text);
    expect(events.at(-1)).toMatchObject({
      type: 'response.failed',
      response: { error: { code: 'server_error', message: '(ARN) in (account) read s3://own/a.png.' } },
    });
  });

  test('one that fails before its first item is a status, and is tried again', async () => {
    const failed = { type: 'response.failed', sequence_number: 2, response: upstreamResponse({ status: 'failed', error: { code: 'rate_limit_exceeded', message: 'Slow down.' } }) }; // biome-ignore format: one line
    const throttled = () => ({ sse: [...upstreamEvents().slice(0, 2), failed] });
    runtime.script(throttled(), throttled(), throttled());
    const { status, response } = await ask({ ...hi, stream: true });
    expect(status).toBe(429);
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(runtime.calls.length).toBeGreaterThan(1);
  });

  test.each([
    [
      'OpenAI’s',
      {
        error: {
          message: "Invalid value for 'input[0]'.",
          type: 'invalid_request_error',
          param: 'input[0]',
          code: 'validation_error',
        },
      },
      {},
      400,
      "Invalid value for 'input[0]'.",
    ],
    [
      'the front door’s',
      { message: 'The security token included in the request is invalid.' },
      { 'x-amzn-errortype': 'UnrecognizedClientException' },
      403,
      undefined,
    ],
    [
      'the same in capitals',
      { Message: 'Rate exceeded' },
      { 'x-amzn-errortype': 'ThrottlingException' },
      429,
      undefined,
    ],
  ])('%s envelope of errors', async (_, json, headers, status, message) => {
    runtime.script(...Array.from({ length: 3 }, () => ({ status, json, headers })));
    const answered = await ask(hi);
    expect(answered.status).toBe(status === 403 ? 500 : status);
    if (message) expect(JSON.parse(answered.text).error.message).toContain(message);
  });
});

describe('Converse instead', () => {
  const guardrail = { guardrailIdentifier: 'gr123456', guardrailVersion: '1' };
  const guarded = JSON.stringify(guardrail);
  const guardedKey = { name: 'guarded', key: testKey, guardrail };
  const guardedAlias = { model: gpt, guardrailConfig: guardrail };

  test.each<[string, object, Record<string, string>?]>([
    ['a guardrail', { ...hi, guardrailConfig: guardrail }],
    ['a guardrail by header (N26)', hi, { 'x-amzn-bedrock-guardrailidentifier': 'gr123456' }],
    ['latency', { ...hi, performanceConfig: { latency: 'optimized' } }],
    ['recorded metadata', { ...hi, requestMetadata: { team: 'a' } }],
    ['fields of the model', { ...hi, additionalModelRequestFields: { a: 1 } }],
    ['a shell', { ...hi, tools: [{ type: 'shell' }], reasoning: { effort: 'none' } }],
    ['a summary', { ...hi, input: [{ role: 'user', content: 'Hi' }, { type: 'compaction_trigger' }] }],
    ['another model', { ...hi, model: 'global.anthropic.claude-sonnet-5-5' }],
    ['gpt-oss', { ...hi, model: 'openai.gpt-oss-120b-1:0' }],
    ['a client that wants it', hi, { 'x-gateway-path': 'converse' }],
  ])('for %s', async (_, body, headers) => {
    for (const stream of [false, true]) {
      runtime.script();
      await ask({ ...body, stream }, headers);
      expect(paths()).toEqual(['converse']);
    }
  });

  test.each<[string, () => Promise<Record<string, string>>, string]>([
    ['a setting', async () => ({ GUARDRAIL: guarded }), gpt],
    ['a key', async () => ({ API_KEY: '', API_KEY_FILE: await keysFile([guardedKey]) }), gpt],
    ['an alias', async () => ({ MODEL_ALIASES: JSON.stringify({ mine: guardedAlias }) }), 'mine'],
  ])('R76 N11 a guardrail of %s is on every call, whatever is asked', async (_, env, model) => {
    await apart({ env: await env() }, async (own) => {
      for (const more of [{}, { stream: true }, { tools: [{ type: 'function', name: 'a' }] }]) {
        runtime.script();
        await own.post('/responses', { model, input: 'Hi', ...more });
        expect(runtime.calls.map(({ path, body }) => [path, body.guardrailConfig])).toEqual([
          ['converse', expect.objectContaining(guardrail)],
        ]);
      }
      runtime.script();
      const refused = await own.post('/responses', { model, input: 'Hi' }, { 'x-gateway-path': 'native' });
      expect([refused.status, runtime.calls.length]).toEqual([400, 0]);
    });
  });

  test('where the setting is off', async () => {
    await apart({ env: { ENABLE_NATIVE_OPENAI: 'false' } }, async (own) => {
      runtime.script();
      await own.post('/responses', hi);
      expect(paths()).toEqual(['converse']);
    });
  });

  test.each([
    [
      403,
      {
        Message:
          'User: arn:aws:sts::123456789012:assumed-role/gateway/x is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1:123456789012:project/default because no identity-based policy allows the bedrock:InvokeModel action',
      },
      { 'x-amzn-errortype': 'AccessDeniedException' },
    ],
    [
      400,
      {
        error: {
          message: "The model 'openai.gpt-5.6-sol' isn't supported on this route.",
          code: 'validation_error',
        },
      },
      {},
    ],
    [
      400,
      {
        error: {
          message: "The model 'openai.gpt-5.6-sol' does not support the '/v1/responses' API",
          code: 'validation_error',
        },
      },
      {},
    ],
  ])(
    'N24 after a %i that says that the path is closed, with a warning, and from then on',
    async (status, json, headers) => {
      await apart({}, async (own) => {
        runtime.script({ status, json, headers });
        const first = await own.post('/responses', {
          ...hi,
          input: [{ role: 'user', content: [{ type: 'input_text', text: 'What is this?' }] }],
        });
        expect([first.status, first.headers.get('x-gateway-warnings')]).toEqual([
          200,
          expect.stringMatching(/by Converse/),
        ]);
        await own.post('/responses', { ...hi, input: 'And that?' });
        expect(paths()).toEqual(['responses', 'converse', 'converse']);
      });
    },
  );
});

describe('conversations go on across models', () => {
  test('what GPT thought goes back to it as it came', async () => {
    runtime.script(whole(), whole());
    const first = JSON.parse((await ask(hi)).text);
    const output = { type: 'function_call_output', call_id: 'call_0a1b2c3d4e5f6071', output: 'b' };
    await ask({ ...hi, input: [{ role: 'user', content: 'Hi' }, ...first.output, output] });
    expect(runtime.calls[1]?.body.input).toEqual([
      { role: 'user', content: 'Hi' },
      ...list(upstreamResponse().output),
      output,
    ]);
  });

  test.each([false, true])(
    'clients that refer to items lose nothing in a turn of tools (streamed: %s)',
    async (stream) => {
      runtime.script(stream ? sse() : whole(), whole());
      const tools = [{ type: 'function', name: 'look', parameters: { type: 'object' } }];
      const { text } = await ask({ ...hi, tools, stream });
      const { output } = stream ? foldResponse(eventsOf(text)) : JSON.parse(text);
      const [reasoning, message, called] = output;
      const input = [
        { role: 'user', content: 'Hi' },
        { type: 'item_reference', id: reasoning.id },
        { type: 'item_reference', id: message.id },
        { type: 'function_call', call_id: called.call_id, name: 'look', arguments: called.arguments },
        { type: 'function_call_output', call_id: called.call_id, output: 'b' },
      ];
      expect((await ask({ ...hi, tools, input })).status).toBe(200);
      expect(runtime.calls[1]?.path).toBe('responses');
      expect(runtime.calls[1]?.body.input).toMatchObject([
        { role: 'user' },
        { type: 'reasoning', encrypted_content: upstreamReasoning.encrypted_content },
        { role: 'assistant', content: [{ text: 'Hello — wörld' }] },
        { type: 'function_call', call_id: 'call_0a1b2c3d4e5f6071' },
        { type: 'function_call_output', call_id: 'call_0a1b2c3d4e5f6071' },
      ]);
    },
  );

  test.each<[string, object, object, object]>([
    [
      'a patch',
      { type: 'apply_patch' },
      { type: 'apply_patch_call', operation: { type: 'delete_file', path: 'a' } },
      { type: 'apply_patch_call_output', status: 'completed', output: 'gone' },
    ],
    [
      'a search of the client’s',
      { type: 'tool_search', execution: 'client', parameters: { type: 'object', properties: {} } },
      { type: 'tool_search_call', execution: 'client', arguments: { query: 'a' } },
      { type: 'tool_search_output', execution: 'client', status: 'completed', tools: [] },
    ],
  ])('nor do they where %s was called', async (_, tool, called, result) => {
    const call = { id: 'own_1', call_id: 'call_own', status: 'completed', ...called };
    const output = [upstreamReasoning, upstreamMessage, call];
    runtime.script({ status: 200, json: upstreamResponse({ output }) }, whole());
    const [thought, said, made] = JSON.parse((await ask({ ...hi, tools: [tool] })).text).output;
    const input = [
      { role: 'user', content: 'Hi' },
      { type: 'item_reference', id: thought.id },
      { type: 'item_reference', id: said.id },
      made,
      { ...result, call_id: made.call_id },
    ];
    expect((await ask({ ...hi, tools: [tool], input })).status).toBe(200);
    expect(runtime.calls[1]?.body.input).toMatchObject([
      { role: 'user' },
      { type: 'reasoning', encrypted_content: upstreamReasoning.encrypted_content },
      { role: 'assistant', content: [{ text: 'Hello — wörld' }] },
      { call_id: 'call_own' },
      { call_id: 'call_own' },
    ]);
  });

  test('R79 and is left out for another model', async () => {
    const { status, response } = await ask({
      model: 'global.anthropic.claude-sonnet-5-5',
      input: [
        { role: 'user', content: 'Hi' },
        upstreamReasoning,
        upstreamMessage,
        { role: 'user', content: 'On' },
      ],
    });
    expect(status).toBe(200);
    expect(response.headers.get('x-gateway-warnings')).toMatch(/reasoning of 1 item/);
    expect(JSON.stringify(runtime.calls[0]?.body)).not.toContain('gAAAA');
  });

  test('reasoning that GPT cannot read is left out once it says so', async () => {
    await apart({}, async (own) => {
      const message =
        'The encrypted content gAAA...Zg== could not be verified. Reason: it could not be parsed.';
      runtime.script(
        { status: 400, json: { error: { message, code: 'invalid_encrypted_content' } } },
        whole(),
        whole(),
      );
      const input = [
        { role: 'user', content: 'Hi' },
        upstreamReasoning,
        upstreamMessage,
        { role: 'user', content: 'On' },
      ];
      expect((await own.post('/responses', { ...hi, input })).status).toBe(200);
      await own.post('/responses', { ...hi, input });
      expect(runtime.calls.map(({ body }) => JSON.stringify(body).includes('gAAAA'))).toEqual([
        true,
        false,
        true,
      ]);
    });
  });

  test('N25 a parameter that is refused is left out, and one that a client made up teaches nothing', async () => {
    await apart({}, async (own) => {
      const refused = (name: string) => ({ status: 400, json: { error: { message: `Unknown parameter: '${name}'.`, code: 'unknown_parameter' } } }); // biome-ignore format: one line
      runtime.script(refused('foo'), whole(), whole(), refused('prompt_cache_key'), whole(), whole());
      await own.post('/responses', { ...hi, foo: 1 });
      await own.post('/responses', { ...hi, foo: 1 });
      await own.post('/responses', { ...hi, prompt_cache_key: 'a' });
      await own.post('/responses', { ...hi, prompt_cache_key: 'a' });
      const has = (name: string) => runtime.calls.map(({ body }) => name in body);
      expect(has('foo')).toEqual([true, false, true, false, false, false]);
      expect(has('prompt_cache_key')).toEqual([false, false, false, true, false, false]);
    });
  });
});
