import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
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
