import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asker, batchKeys, chatFile, form, startBatchStack, upload } from '../../support/batches.ts';
import { onBundle } from '../../support/in-process-only.ts';
import { type Stack, startStack } from '../../support/stack.ts';

/** /v1/files, by the project's acceptance cases (test/gateway/batches/README.md). */

let stack: Stack;
beforeAll(async () => {
  stack = await startBatchStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.simulator.reset());

const alice = () => asker(stack);
const bob = () => asker(stack, batchKeys.bob);
const anthropic = () => asker(stack, batchKeys.alice, { 'anthropic-version': '2023-06-01' });

describe('a file', () => {
  test('F1: of a hundred lines comes back as the object of a file, and with its bytes', async () => {
    const content = chatFile(100);
    const { status, json } = await alice()('POST', '/files', form(content));
    expect(status).toBe(200);
    const created = json.created_at as number;
    expect(json).toEqual({
      id: expect.stringMatching(/^file-[\w-]{50,64}$/),
      object: 'file',
      bytes: Buffer.byteLength(content),
      created_at: expect.any(Number),
      expires_at: created + 30 * 86_400,
      filename: 'requests.jsonl',
      purpose: 'batch',
      status: 'processed',
      status_details: null,
    });
    expect((await alice()('GET', `/files/${json.id}`)).json).toEqual(json);
    const read = await alice()('GET', `/files/${json.id}/content`);
    expect(read.text).toBe(content);
    expect(read.headers.get('content-type')).toBe('application/octet-stream');
    expect(read.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('F2: is not there for another key, whatever is asked of it', async () => {
    const id = await upload(alice(), 'a');
    for (const [method, path] of [
      ['GET', `/files/${id}`],
      ['GET', `/files/${id}/content`],
      ['DELETE', `/files/${id}`],
    ] as const) {
      const { status, json } = await bob()(method, path);
      expect(status).toBe(404);
      expect(json).toMatchObject({ error: { code: 'file_not_found', type: 'invalid_request_error' } });
    }
    expect((await bob()('GET', '/files')).json).toMatchObject({ data: [] });
    expect((await alice()('GET', `/files/${id}`)).status).toBe(200);
  });

  test('F3: is gone once it is deleted', async () => {
    const id = await upload(alice(), 'a');
    const deleted = await alice()('DELETE', `/files/${id}`);
    expect(deleted.json).toEqual({ id, object: 'file', deleted: true });
    expect((await alice()('GET', `/files/${id}/content`)).status).toBe(404);
    expect((await alice()('DELETE', `/files/${id}`)).status).toBe(404);
  });

  test('F4: of 7 MB is a 413 that names the limit and S3', async () => {
    const { status, json } = await alice()('POST', '/files', form('x'.repeat(7_000_000)));
    expect(status).toBe(413);
    expect(stack.simulator.calls).toEqual([]);
    // Lambda itself refuses it before the function hears of it, in its own words.
    if (onBundle) return;
    expect(json).toMatchObject({
      error: { code: 'request_too_large', message: expect.stringMatching(/6291456 bytes.*s3:\/\//) },
    });
  });

  test.each([
    ['a changed letter', (id: string) => id.slice(0, -3) + (id.at(-3) === 'A' ? 'B' : 'A') + id.slice(-2)],
    ['a letter more', (id: string) => `${id}A`],
    ['no id at all', () => 'file-abc'],
    ['the path of its object', () => '..%2F..%2Ffiles'],
  ])('its id with %s is none', async (_, changed) => {
    const id = await upload(alice(), 'a');
    stack.simulator.calls.length = 0;
    const { status } = await alice()('GET', `/files/${changed(id)}`);
    expect(status).toBe(404);
    expect(stack.simulator.calls).toEqual([]);
  });

  test('may expire before the bucket ends it', async () => {
    const { json } = await alice()(
      'POST',
      '/files',
      form('a', {
        purpose: 'batch',
        'expires_after[anchor]': 'created_at',
        'expires_after[seconds]': '3600',
      }),
    );
    expect(json.expires_at).toBe((json.created_at as number) + 3600);
  });

  test.each([
    [{ purpose: 'batch', colour: 'red' }, 'colour'],
    [{ purpose: 'batch', expires_after: '{"anchor":"created_at","seconds":3600}' }, 'expires_after'],
    [{ purpose: 'batch' }, null],
  ])('of a form %j names what has no effect', async (fields, ignored) => {
    const { status, headers } = await alice()('POST', '/files', form('a', fields as Record<string, string>));
    expect([status, headers.get('x-gateway-ignored')]).toEqual([200, ignored]);
  });

  test('keeps a name that no path or header could have', async () => {
    const data = new FormData();
    data.set('purpose', 'user_data');
    data.set('file', new File(['ä'], '../äöü "x"\n.jsonl'));
    const { json } = await alice()('POST', '/files', data);
    expect(json).toMatchObject({ bytes: 2, filename: expect.not.stringContaining('/') });
    const { status, headers } = await alice()('GET', `/files/${json.id}/content`);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''[\w.%-]+$/);
  });

  test('is called the same whenever it is shown, also where its name is cut within a character', async () => {
    const data = form('a');
    data.set('file', new File(['a'], `${'x'.repeat(159)}😀.jsonl`));
    const { json } = await alice()('POST', '/files', data);
    expect((await alice()('GET', `/files/${json.id}`)).json).toEqual(json);
  });
});

describe('what is no upload', () => {
  test.each([
    ['no form', '{}', /multipart\/form-data/],
    ['no purpose', form('a', {}), /Missing required parameter: 'purpose'/],
    ['another purpose', form('a', { purpose: 'audio' }), /'purpose': it must be one of batch/],
    [
      'too short a life',
      form('a', { purpose: 'batch', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '10' }),
      /expires_after\[seconds\]/,
    ],
  ])('%s is a 400', async (_, body, words) => {
    const { status, json } = await alice()<{ error: { message: string } }>('POST', '/files', body);
    expect(status).toBe(400);
    expect(json.error.message).toMatch(words);
    expect(stack.simulator.calls).toEqual([]);
  });

  const twice = (name: string, ...values: (string | File)[]) => {
    const data = form('a');
    data.delete(name);
    for (const value of values) data.append(name, value);
    return data;
  };
  test.each([
    ['file', twice('file', new File(['a'], 'a.jsonl'), new File(['b'], 'b.jsonl'))],
    ['purpose', twice('purpose', 'batch', 'vision')],
  ])('a form with %s twice is a 400: none of them is passed over', async (name, body) => {
    const { status, json } = await alice()<{ error: object }>('POST', '/files', body);
    expect([status, json.error]).toMatchObject([400, { param: name }]);
    expect(stack.simulator.calls).toEqual([]);
  });

  test('a form that breaks off is a 400', async () => {
    const response = await fetch(`${stack.baseUrl}/files`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${batchKeys.alice}`,
        'content-type': 'multipart/form-data; boundary=x',
      },
      body: '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    });
    expect(response.status).toBe(400);
  });
});

describe('the list', () => {
  test('has the newest first, in pages, in both orders, by purpose', async () => {
    const ids: string[] = [];
    for (const purpose of ['batch', 'user_data', 'batch']) {
      const { json } = await alice()<{ id: string }>('POST', '/files', form(purpose, { purpose }));
      ids.push(json.id);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const list = async (query: string) => {
      const { json } = await alice()<{ data: { id: string }[]; has_more: boolean }>('GET', `/files${query}`);
      return { ids: json.data.map(({ id }) => ids.indexOf(id)), more: json.has_more };
    };
    expect(await list('')).toEqual({ ids: [2, 1, 0], more: false });
    expect(await list('?limit=2')).toEqual({ ids: [2, 1], more: true });
    expect(await list(`?limit=2&after=${ids[1]}`)).toEqual({ ids: [0], more: false });
    expect(await list('?order=asc&limit=1')).toEqual({ ids: [0], more: true });
    expect(await list(`?order=asc&after=${ids[0]}`)).toEqual({ ids: [1, 2], more: false });
    expect(await list('?purpose=batch')).toEqual({ ids: [2, 0], more: false });
  });

  test.each(['?limit=0', '?limit=x', '?order=up', '?purpose=music'])('%s is a 400', async (query) => {
    expect((await alice()('GET', `/files${query}`)).status).toBe(400);
  });
});

describe('for Anthropic’s clients', () => {
  test('a file has their form, is listed in pages and deleted', async () => {
    const first = await anthropic()<{ id: string }>('POST', '/files', form('a', {}));
    expect(first.json).toEqual({
      id: expect.stringMatching(/^file-/),
      type: 'file',
      filename: 'requests.jsonl',
      mime_type: 'application/jsonl',
      size_bytes: 1,
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      downloadable: true,
    });
    await new Promise((resolve) => setTimeout(resolve, 2));
    const second = await anthropic()<{ id: string }>('POST', '/files', form('b', {}));
    const page = await anthropic()('GET', '/files?limit=1');
    expect(page.json).toEqual({
      data: [second.json],
      has_more: true,
      first_id: second.json.id,
      last_id: second.json.id,
    });
    const after = await anthropic()('GET', `/files?after_id=${second.json.id}`);
    expect(after.json).toMatchObject({ data: [first.json], has_more: false });
    const before = await anthropic()('GET', `/files?before_id=${first.json.id}`);
    expect(before.json).toMatchObject({ data: [second.json], has_more: false });
    const both = `before_id=${first.json.id}&after_id=${second.json.id}`;
    expect((await anthropic()('GET', `/files?${both}`)).status).toBe(400);
    const deleted = await anthropic()('DELETE', `/files/${first.json.id}`);
    expect(deleted.json).toEqual({ id: first.json.id, type: 'file_deleted' });
    const missing = await anthropic()('GET', `/files/${first.json.id}`);
    expect(missing.status).toBe(404);
    expect(missing.json).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  });
});

describe('when S3 fails', () => {
  test.each([
    ['AccessDeniedException', 502, 'upstream_auth'],
    ['ThrottlingException', 503, 'overloaded'],
  ] as const)('%s is a %i', async (exception, status, code) => {
    stack.simulator.failing.set('PutObject', exception);
    const failed = await alice()('POST', '/files', form('a'));
    expect(failed.status).toBe(status);
    expect(failed.json).toMatchObject({ error: { code } });
    expect(failed.text).not.toMatch(/bedrock-gateway-batches|arn:/);
  });
});

test('a key is needed, and no file is looked at without one', async () => {
  const response = await fetch(`${stack.baseUrl}/files`);
  expect(response.status).toBe(401);
  expect(stack.simulator.calls).toEqual([]);
});

describe('without the optional part of the stack', () => {
  test('B10: every route says so with a 503', async () => {
    const plain = await startStack();
    const ask = asker(plain, plain.apiKey);
    for (const [method, path] of [
      ['POST', '/files'],
      ['GET', '/files'],
      ['GET', '/batches'],
      ['POST', '/batches'],
      ['POST', '/messages/batches'],
      ['GET', '/messages/batches/msgbatch_x/results'],
    ] as const) {
      const { status, text } = await ask(method, path, method === 'POST' ? {} : undefined);
      expect(status).toBe(503);
      expect(text).toContain('not set up on this gateway');
    }
    await plain.close();
  });

  test('B10: a role that is no role is told as the operator’s fault', async () => {
    const wrong = await startStack({
      env: { BATCHES: '{"bucket":"abc","region":"us-east-1","roleArn":"me"}' },
    });
    const { status, json, headers } = await asker(wrong, wrong.apiKey)('GET', '/batches');
    expect([status, headers.get('x-should-retry')]).toEqual([503, 'false']);
    expect(json).toMatchObject({
      error: { code: 'feature_unavailable', message: expect.stringContaining('`roleArn`') },
    });
    await wrong.close();
  });
});
