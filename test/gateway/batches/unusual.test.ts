import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { simulatedBatches } from '../../../local/simulator/batches.ts';
import {
  asker,
  batchKeys,
  batchOf,
  chatFile,
  chatLine,
  inputRecords,
  jobCalls,
  linesIn,
  message,
  type OpenAiBatch,
  startBatchStack,
  upload,
  wholeJob,
} from '../../support/batches.ts';
import { haiku, nova } from '../../support/chat.ts';
import { png } from '../../support/images.ts';
import { inProcessOnly } from '../../support/in-process-only.ts';
import type { Stack, StackOptions } from '../../support/stack.ts';

/** What clients of batches do besides. */

let stack: Stack;
const start = async (options?: StackOptions) => {
  stack = await startBatchStack(options);
};
afterEach(() => stack.close());
const alice = (headers?: Record<string, string>) => asker(stack, batchKeys.alice, headers);
const show = async (id: string) => (await alice()<OpenAiBatch>('GET', `/batches/${id}`)).json;
const messages = (params?: object) => ({
  requests: Array.from({ length: 100 }, (_, i) => message(i, params)),
});

describe('headers count for each request of a batch', () => {
  beforeEach(() => start());

  test('a guardrail is refused there as in a body: a job would apply none', async () => {
    const guarded = alice({
      'x-amzn-bedrock-guardrailidentifier': 'abc123',
      'x-amzn-bedrock-guardrailversion': '1',
    });
    expect((await batchOf(guarded, chatFile(100))).status).toBe(400);
    const unset = (i: number) => chatLine(i, { guardrailConfig: null, guardrail_config: null });
    expect((await batchOf(guarded, chatFile(100, unset))).status).toBe(400);
    expect((await guarded('POST', '/messages/batches', messages())).status).toBe(400);
    expect(jobCalls(stack)).toEqual([]);
  });

  test('beta flags reach Claude', async () => {
    const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
    const asked = alice({ 'anthropic-beta': 'context-1m-2025-08-07' });
    expect((await asked('POST', '/messages/batches', messages({ model }))).status).toBe(200);
    expect(inputRecords(stack)[0]?.modelInput.anthropic_beta).toEqual(['context-1m-2025-08-07']);
  });
});

describe('the files of results', () => {
  beforeEach(() => start());
  const failing = (i: number) =>
    chatLine(i, {
      messages: [{ role: 'user', content: i % 10 === 3 ? `[[validation]] ${i}` : `Number ${i}` }],
    });

  test.each([
    ['output_file_id', 'error_file_id', 12],
    ['error_file_id', 'output_file_id', 108],
  ] as const)('are deleted each by itself: without %s there is %s', async (gone, kept, lines) => {
    const { json } = await batchOf(alice(), chatFile(120, failing));
    stack.simulator.advanceJobs(wholeJob);
    const batch = await show(json.id);
    expect((await alice()('DELETE', `/files/${batch[gone]}`)).status).toBe(200);
    expect((await alice()('GET', `/files/${batch[gone]}/content`)).status).toBe(404);
    const { status, text } = await alice()('GET', `/files/${batch[kept]}/content`);
    expect([status, linesIn(text).length]).toEqual([200, lines]);
    const written = () =>
      stack.simulator.buckets.keys('bedrock-gateway-batches').filter((key) => /[/]out[/]/.test(key));
    expect(written()).not.toEqual([]);
    await alice()('DELETE', `/files/${batch[kept]}`);
    expect(written()).toEqual([]);
    expect((await alice()('GET', `/files/${batch[kept]}`)).status).toBe(404);
  });

  test('say what was not done also where nothing was written', async () => {
    const { json } = await batchOf(alice(), chatFile(100));
    await alice()('POST', `/batches/${json.id}/cancel`);
    stack.simulator.advanceJobs(wholeJob);
    const { buckets } = stack.simulator;
    const bucket = 'bedrock-gateway-batches';
    for (const key of buckets.keys(bucket)) if (key.endsWith('.out')) buckets.remove(bucket, key);
    const { error_file_id: file } = await show(json.id);
    const { status, text } = await alice()('GET', `/files/${file}/content`);
    expect([status, linesIn(text).length]).toEqual([200, 100]);
    expect(linesIn(text)[0]).toMatchObject({ error: { code: 'batch_cancelled' } });
  });
});

test('no key reads the folder of one whose name begins with its own, with or without the last slash', async () => {
  const inputs = { ...JSON.parse(simulatedBatches), inputs: 'batch-inputs/{key}' };
  await start({ env: { BATCHES: JSON.stringify(inputs) } });
  for (const folder of ['alice-prod', 'alice'])
    stack.simulator.buckets.put('batch-inputs', `${folder}/a.jsonl`, Buffer.from(chatFile(100)));
  const of = async (folder: string) =>
    (
      await alice()('POST', '/batches', {
        input_file_id: `s3://batch-inputs/${folder}/a.jsonl`,
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
      })
    ).status;
  expect([await of('alice-prod'), await of('alice')]).toEqual([404, 200]);
});

inProcessOnly('environment')('S3 that breaks off while an input is read', () => {
  test('is a 503, which a client tries again', async () => {
    await start();
    const id = await upload(alice(), chatFile(100));
    const there = process.env.AWS_ENDPOINT_URL_S3 ?? '';
    const proxy = createServer((request, response) => {
      const { method, headers, url = '' } = request;
      const breaks = method === 'GET' && url.includes('/files/') && !url.includes('list-type');
      const call = send(there + url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        if (!breaks) return answer.pipe(response);
        answer.once('data', (chunk: Buffer) =>
          response.write(chunk.subarray(0, 500), () => response.destroy()),
        );
      });
      request.pipe(call);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    process.env.AWS_ENDPOINT_URL_S3 = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      const asked = { input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' };
      expect((await alice()('POST', '/batches', asked)).status).toBe(503);
    } finally {
      process.env.AWS_ENDPOINT_URL_S3 = there;
      proxy.closeAllConnections();
      proxy.close();
    }
  });
});

describe('HEAD', () => {
  beforeEach(() => start());

  test('is answered as GET is, without its body, and reads and meters nothing', async () => {
    const file = await upload(alice(), chatFile(1));
    const { json: batch } = await batchOf(alice(), chatFile(100));
    const { json: ofMessages } = await alice()<{ id: string }>('POST', '/messages/batches', messages());
    stack.simulator.advanceJobs(wholeJob);
    const { output_file_id: output } = await show(batch.id);
    const paths = [
      '/files',
      `/files/${file}`,
      `/files/${file}/content`,
      `/files/${output}`,
      `/files/${output}/content`,
      '/batches',
      `/batches/${batch.id}`,
      '/messages/batches',
      `/messages/batches/${ofMessages.id}`,
      `/messages/batches/${ofMessages.id}/results`,
    ];
    const spent = () => stack.logs.filter(({ api, inputTokens }) => api === 'batch_results' && inputTokens);
    const heads = new Map<string, string | null>();
    for (const path of paths) {
      const head = await alice()('HEAD', path);
      expect([path, head.status, head.text]).toEqual([path, 200, '']);
      heads.set(path, head.headers.get('content-type'));
    }
    await expect.poll(() => stack.logs.filter(({ api }) => api === 'batch_results').length).toBe(2);
    expect(spent()).toEqual([]);
    for (const path of paths) {
      const read = await alice()('GET', path);
      expect(heads.get(path), path).toBe(read.headers.get('content-type'));
    }
    for (const path of ['/files/file-none', '/files/file-none/content', '/batches/batch_none'])
      expect((await alice()('HEAD', path)).status, path).toBe(404);
    await expect.poll(spent).toHaveLength(2);
    expect(stack.logs.every(({ status }) => status === 200 || status === 404)).toBe(true);
  });
});

describe('what is told of a batch', () => {
  beforeEach(() => start());
  const ignored = async (body: object) =>
    (await batchOf(alice(), chatFile(100), body)).headers.get('x-gateway-ignored');

  test('nothing of a key’s own metadata, which are tags of the job', async () => {
    expect(await ignored({ metadata: { run: '7' } })).toBeNull();
    const made = await alice()('POST', '/messages/batches', messages());
    expect(made.headers.get('x-gateway-ignored')).toBeNull();
    expect(jobCalls(stack)).toHaveLength(2);
    for (const { body } of jobCalls(stack))
      expect((body as { tags: object[] }).tags).toContainEqual({ key: 'team', value: 'a' });
  });

  test('metadata that a request asks for, which have no place', async () => {
    const content = chatFile(100, (i) => chatLine(i, { metadata: { run: '7' } }));
    expect((await batchOf(alice(), content)).headers.get('x-gateway-ignored')).toBe('metadata');
  });

  test('parameters without effect, by name', async () => {
    const expires = { anchor: 'created_at', seconds: 3600 };
    expect(await ignored({ output_expires_after: expires, colour: 'red', metadata: null })).toBe(
      'output_expires_after; colour',
    );
    const made = await alice()('POST', '/messages/batches', { ...messages(), colour: 'red' });
    expect([made.status, made.headers.get('x-gateway-ignored')]).toEqual([200, 'colour']);
  });
});

test('in the strict mode a parameter that nobody knows is a 400, and no job is made', async () => {
  await start({ env: { STRICT_PARAMETERS: 'true' } });
  const openAis = await batchOf(alice(), chatFile(100), { colour: 'red' });
  expect([openAis.status, openAis.json.error?.param]).toEqual([400, 'colour']);
  const anthropics = await alice()('POST', '/messages/batches', { ...messages(), colour: 'red' });
  expect([anthropics.status, anthropics.text]).toEqual([400, expect.stringContaining('colour')]);
  expect(jobCalls(stack)).toEqual([]);
  const expires = { output_expires_after: { anchor: 'created_at', seconds: 3600 } };
  expect((await batchOf(alice(), chatFile(100), expires)).status).toBe(200);
});

/** An answer at once is asked for again without what was refused; a record of a job is not. */
describe('what a model would refuse of a record is not in it', () => {
  beforeEach(() => start());
  const whole = { total: 100, completed: 100, failed: 0 };
  const counts = async (id: string) => {
    stack.simulator.advanceJobs(wholeJob);
    return (await show(id)).request_counts;
  };
  const picture = png({ width: 1, height: 1, samples: 3 }).toString('base64');
  const tools = [{ type: 'function', function: { name: 'f' } }];
  const opus41 = 'us.anthropic.claude-opus-4-1-20250805-v1:0';

  test.each([haiku, opus41, 'us.anthropic.claude-opus-4-8'])(
    'reasoning beside tools, for %s: no flag that it does not take',
    async (model) => {
      const content = chatFile(100, (i) => chatLine(i, { model, tools, reasoning_effort: 'high' }));
      const { json, headers } = await batchOf(alice(), content);
      expect(headers.get('x-gateway-ignored')).toBeNull();
      expect(await counts(json.id)).toEqual(whole);
    },
  );

  test('the flag for thinking between calls is there for a model that takes it', async () => {
    const content = chatFile(100, (i) => chatLine(i, { model: opus41, tools, reasoning_effort: 'high' }));
    await batchOf(alice(), content);
    expect(inputRecords(stack)[0]?.modelInput.anthropic_beta).toEqual(['interleaved-thinking-2025-05-14']);
  });

  test('flags of the client’s own, which are named', async () => {
    const [taken, refused] = ['tool-search-tool-2025-10-19', 'context-1m-2025-08-07'];
    const content = chatFile(100, (i) => chatLine(i, { model: haiku, anthropic_beta: [taken, refused] }));
    const { json, headers } = await batchOf(alice(), content);
    expect(headers.get('x-gateway-ignored')).toBe(`anthropic_beta.${refused}`);
    expect(inputRecords(stack)[0]?.modelInput.anthropic_beta).toEqual([taken]);
    expect(await counts(json.id)).toEqual(whole);
  });

  test.each([haiku, nova])('for %s: an image that is declared to be of another type', async (model) => {
    const image_url = { url: `data:image/jpeg;base64,${picture}` };
    const content = chatFile(100, (i) =>
      chatLine(i, { model, messages: [{ role: 'user', content: [{ type: 'image_url', image_url }] }] }),
    );
    expect(await counts((await batchOf(alice(), content)).json.id)).toEqual(whole);
  });

  test('the same in Anthropic’s own form', async () => {
    const source = { type: 'base64', media_type: 'image/jpeg', data: picture };
    const content = [{ type: 'image', source }];
    const made = await alice()<{ id: string }>(
      'POST',
      '/messages/batches',
      messages({ messages: [{ role: 'user', content }] }),
    );
    stack.simulator.advanceJobs(wholeJob);
    expect((await alice()('GET', `/messages/batches/${made.json.id}`)).json).toMatchObject({
      request_counts: { succeeded: 100, errored: 0 },
    });
  });
});

describe('half of a surrogate pair', () => {
  beforeEach(() => start());
  const half = { messages: [{ role: 'user', content: 'cut \ud83d here' }] };

  test.each([haiku, nova])(
    'in a text for %s: what no model reads is replaced, as in a chat',
    async (model) => {
      const content = chatFile(100, (i) => chatLine(i, { model, ...half }));
      const { json } = await batchOf(alice(), content);
      stack.simulator.advanceJobs(wholeJob);
      expect((await show(json.id)).request_counts).toEqual({ total: 100, completed: 100, failed: 0 });
    },
  );

  test('in Anthropic’s own form', async () => {
    const { json } = await alice()<{ id: string }>('POST', '/messages/batches', messages(half));
    stack.simulator.advanceJobs(wholeJob);
    expect((await alice()('GET', `/messages/batches/${json.id}`)).json).toMatchObject({
      request_counts: { succeeded: 100, errored: 0 },
    });
  });
});

test('results_url is an address, however many slashes the client writes', async () => {
  await start();
  const { json } = await alice()<{ id: string }>('POST', '/messages/batches', messages());
  stack.simulator.advanceJobs(wholeJob);
  for (const path of ['/messages/batches', '/messages//batches', '//messages/batches/']) {
    const asked = await alice()<{ results_url: string }>('GET', `${path}/${json.id}`);
    // Behind a Function URL it is https.
    const { host, pathname } = new URL(asked.json.results_url);
    expect([host, pathname], path).toEqual([
      new URL(stack.baseUrl).host,
      `/v1/messages/batches/${json.id}/results`,
    ]);
  }
});
