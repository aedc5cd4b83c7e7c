import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runGateway } from '../../../local/command-line.ts';
import { batchKeys, chatFile, chatLine, startBatchStack, wholeJob } from '../../support/batches.ts';
import type { Stack } from '../../support/stack.ts';

/** `gateway batch`, against a gateway on the simulator. */

let stack: Stack;
let folder: string;
beforeAll(async () => {
  stack = await startBatchStack();
  folder = await mkdtemp(join(tmpdir(), 'gateway-batch-'));
});
afterAll(() => stack.close());
beforeEach(() => stack.simulator.reset());

async function gateway(...args: string[]) {
  let [out, err] = ['', ''];
  const env = { OPENAI_BASE_URL: stack.baseUrl, OPENAI_API_KEY: batchKeys.alice };
  const io = {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    env,
  };
  const status = await runGateway(['batch', ...args], io);
  return { status, out, err };
}

async function file(content: string): Promise<string> {
  const path = join(folder, 'requests.jsonl');
  await writeFile(path, content);
  return path;
}

const idIn = (out: string) => /batch_[\w-]+/.exec(out)?.[0] ?? '';

describe('gateway batch', () => {
  test('submits, follows and fetches', async () => {
    const submitted = await gateway(
      'submit',
      await file(
        chatFile(100, (i) =>
          chatLine(i, {
            messages: [{ role: 'user', content: i === 5 ? '[[validation]] a' : `Question ${i}` }],
          }),
        ),
      ),
    );
    expect(submitted).toMatchObject({ status: 0, err: expect.stringMatching(/^Uploaded as file-/) });
    const id = idIn(submitted.out);
    expect(submitted.out).toBe(`${id}  validating  0 of 100 done\n`);
    const early = await gateway('results', id);
    expect(early).toMatchObject({ status: 1, out: '', err: expect.stringContaining('no results yet') });
    stack.simulator.advanceJobs(wholeJob);
    expect((await gateway('status', id, '--wait')).out).toBe(`${id}  completed  99 of 100 done, 1 failed\n`);
    const [answers, errors] = [join(folder, 'answers.jsonl'), join(folder, 'errors.jsonl')];
    expect((await gateway('results', id, '--output', answers, '--errors', errors)).status).toBe(0);
    expect((await readFile(answers, 'utf8')).trim().split('\n')).toHaveLength(99);
    expect(JSON.parse(await readFile(errors, 'utf8'))).toMatchObject({ custom_id: 'request-5' });
    const printed = await gateway('results', id);
    expect(printed.out).toBe(await readFile(answers, 'utf8'));
    expect(printed.err).toContain('--errors FILE');
  });

  test('--wait says each state once', async () => {
    const running = gateway('submit', await file(chatFile(100)), '--wait', '--interval', '0.05');
    await expect
      .poll(() => stack.simulator.calls.some(({ operation }) => operation === 'GetModelInvocationJob'), {
        timeout: 60_000,
      })
      .toBe(true);
    stack.simulator.advanceJobs(wholeJob);
    const { status, out } = await running;
    expect([
      status,
      out
        .trim()
        .split('\n')
        .map((line) => line.split('  ')[1]),
    ]).toEqual([0, ['validating', 'completed']]);
  });

  test('takes an input in S3', async () => {
    stack.simulator.buckets.put('batch-inputs', 'a.jsonl', Buffer.from(chatFile(100)));
    expect(await gateway('submit', 's3://batch-inputs/a.jsonl')).toMatchObject({ status: 0, err: '' });
  });

  test('tells a refusal in the gateway’s words', async () => {
    const { status, err } = await gateway('submit', await file(chatFile(99)));
    expect([status, err]).toEqual([1, expect.stringMatching(/99 requests.*\(400\)/)]);
    expect(await gateway('status', 'batch_none')).toMatchObject({
      status: 1,
      err: expect.stringContaining('No such batch'),
    });
  });

  test.each([
    [[], /Say what to do/],
    [['eat', 'a'], /no `gateway batch eat`/],
    [['status'], /Exactly one/],
    [['status', 'a', '--key'], /--key/],
  ])('%j is used wrongly', async (args, words) => {
    const { status, err } = await gateway(...args);
    expect([status, err]).toEqual([2, expect.stringMatching(words)]);
    expect(err).toContain('Usage: gateway batch');
  });
});

describe('a gateway that does not answer', () => {
  test('is named, with what to look at', async () => {
    const { status, err } = await gateway('status', 'batch_1', '--base-url', 'http://127.0.0.1:9/v1');
    expect(status).toBe(1);
    expect(err).toMatch(
      /^The gateway at http:\/\/127\.0\.0\.1:9\/v1 cannot be reached.*--base-url names another\.\n$/,
    );
  });

  test.each([
    [['--base-url', 'localhost:8080'], 'The base URL is "localhost:8080": it must begin with http'],
    [['--base-url', 'http://x:99999'], 'The base URL is "http://x:99999"'],
    [['--wait', '--interval', 'soon'], '--interval is "soon": it must be a number of seconds.'],
  ])('%j is bad use', async (options, words) => {
    expect(await gateway('status', 'batch_1', ...options)).toMatchObject({
      status: 2,
      err: expect.stringContaining(words),
    });
  });

  test('for a while does not end the wait for a batch; one that refuses does', async () => {
    const batch = { id: 'batch_1', request_counts: { total: 1, completed: 1, failed: 0 }, errors: null };
    const answers: [number, object][] = [
      [200, { ...batch, status: 'in_progress' }],
      [503, { error: { message: 'Busy.' } }],
      [429, { error: { message: 'Too many requests.' } }],
      [200, { ...batch, status: 'completed' }],
      [200, { ...batch, status: 'in_progress' }],
      [401, { error: { message: 'No such key.' } }],
    ];
    const { base, close } = await answering(() => {
      const [status, body] = answers.shift() ?? [404, {}];
      return [status, JSON.stringify(body)];
    });
    const wait = () => gateway('status', 'batch_1', '--wait', '--interval', '0.01', '--base-url', base);
    try {
      const waited = await wait();
      expect(waited).toMatchObject({ status: 0, out: expect.stringMatching(/completed {2}1 of 1 done\n$/) });
      expect(waited.err).toBe('Busy. (503) Asking again.\nToo many requests. (429) Asking again.\n');
      expect(await wait()).toMatchObject({ status: 1, err: 'No such key. (401)\n' });
    } finally {
      close();
    }
  });

  const failed = {
    id: 'batch_1\x1b[2J',
    status: 'failed',
    request_counts: { total: 2, completed: 0, failed: 0 },
    output_file_id: null,
    error_file_id: null,
    errors: { data: [{ message: 'Line 2: \x1b]52;c;eA==\x07 is no JSON.' }] },
  };
  test.each<[string, [number, string], string]>([
    ['a page', [200, '<html>Welcome</html>'], 'is no gateway: is that its base URL, which ends in /v1?'],
    ['null', [200, 'null'], 'is no gateway'],
    ['another object', [200, '{"ok":true}'], 'is no gateway'],
    ['a refusal', [400, '{"error":{"message":"\\u001b[31mNo."}}'], '[31mNo. (400)\n'],
  ])('%s is told for a person, and no terminal acts on it', async (_, answer, said) => {
    const { base, close } = await answering(() => answer);
    const told = await gateway('status', 'batch_1', '--base-url', base);
    expect(told).toMatchObject({ status: 1, out: '', err: expect.stringContaining(said) });
    expect(told.err).not.toMatch(escapes);
    close();
  });

  test('the results of a batch that has none are its errors', async () => {
    const { base, close } = await answering(() => [200, JSON.stringify(failed)]);
    for (const verb of ['results', 'status']) {
      const { status, out, err } = await gateway(verb, 'batch_1', '--base-url', base);
      expect(status).toBe(1);
      expect(out + err).toContain('failed  0 of 2 done\n');
      expect(err).toContain('Line 2: ]52;c;eA== is no JSON.\n');
      expect(out + err).not.toMatch(escapes);
    }
    close();
  });
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const escapes = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/;

/** A server that gives these answers. */
async function answering(answer: () => [status: number, body: string]) {
  const server = createServer((_, response) => {
    const [status, body] = answer();
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}/v1`, close: () => server.close() };
}
