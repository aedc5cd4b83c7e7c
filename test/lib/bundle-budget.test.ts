import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parameters } from '../../lambda/apis/chat-completions/parameters.ts';
import { families, unknownFamily } from '../../lambda/models/families/families.ts';
import { type SettingRow, settings } from '../../lambda/settings/table.ts';
import { bundle } from '../../lib/bundle.ts';
import { bundleSizes, fileSizes, importedFirst } from '../../lib/bundle-sizes.ts';
import { shortAnswer, shortNativeAnswer } from '../../local/bench/frames.ts';
import { startLambda } from '../e2e/lambda.ts';
import { startSecretsManager } from '../support/secrets-manager.ts';

/** Bytes of code that may be loaded before the first chat is answered: each KB is some 40 µs of a cold start. */
const budget = 240_000;
/** The same before the first answer of another API: the chat's code, which all share, and its own. */
const budgets = { messages: 352_000, responses: 304_000 };
const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-AbCdEf';

let folder: string;
let metafile: Metafile;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'budget-'));
  metafile = bundle({ outdir: folder });
});
afterAll(() => rm(folder, { recursive: true }));

const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

/** A plain question to each of the APIs for conversations, streamed, and how its answer ends. */
const firsts = {
  chat: {
    path: '/v1/chat/completions',
    body: { model, stream: true, messages: [{ role: 'user', content: 'Hello' }] },
    end: 'data: [DONE]',
  },
  messages: {
    path: '/v1/messages',
    body: { model, stream: true, max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] },
    end: 'event: message_stop',
  },
  responses: {
    path: '/v1/responses',
    body: { model, stream: true, input: 'Hello' },
    end: 'event: response.completed',
  },
} as const;

/** What records share with what is loaded for limits. */
function isOfRecords(name: string): boolean {
  const inputs = Object.keys(metafile.outputs[name]?.inputs ?? {});
  return inputs.length > 0 && inputs.every((path) => /^lambda\/(?:prices|accounting)\//.test(path));
}

/** Asks a new function for its first answer: the files it loaded, and what it called. */
async function first({ path, body }: (typeof firsts)[keyof typeof firsts]) {
  const secrets = await startSecretsManager(arn);
  secrets.state.current = 'sk-budget';
  const calls: string[] = [];
  const bedrock = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => {
      const answer = request.url?.endsWith('/invoke-with-response-stream')
        ? shortNativeAnswer()
        : shortAnswer();
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' }).end(answer);
    });
  });
  await new Promise<void>((resolve) => bedrock.listen(0, '127.0.0.1', resolve));
  const trace = join(folder, `trace${path.replaceAll('/', '-')}`);
  const hooks = fileURLToPath(new URL('../support/trace-loads.mjs', import.meta.url));
  const lambda = await startLambda(folder, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(bedrock.address() as AddressInfo).port}`,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    API_KEY_SECRET_ARN: arn,
    NODE_OPTIONS: `--import ${pathToFileURL(hooks)}`,
    TRACE_LOADS: trace,
  });
  const headers = { authorization: 'Bearer sk-budget' };
  const text = await lambda.request({ path, headers, body }).end();
  await lambda.stop();
  await secrets.close();
  bedrock.closeAllConnections();
  await new Promise((resolve) => bedrock.close(resolve));
  const urls = new Set((await readFile(trace, 'utf8')).split('\n'));
  const ours = [...urls].filter((url) => url.startsWith(pathToFileURL(folder).href));
  const loaded = ours.map((url) => relative(folder, fileURLToPath(url)));
  // The SDK's handler loads node:http when it is called without TLS, as only tests do; the record of a request is
  // loaded when its last byte has gone out.
  const files = loaded.filter(
    (name) => !/^chunks\/(?:node-http|record-parts)-/.test(name) && !isOfRecords(name),
  );
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
  return {
    text,
    calls,
    files,
    sizes,
    total: sizes.reduce((sum, size) => sum + size, 0),
    builtins: [...urls].filter((url) => url.startsWith('node:')),
  };
}

test('the archive is as large as docs/optimisation.md says of one without sandboxes', async () => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('trace-'));
  const contents = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name))));
  const megabytes = contents.reduce((sum, content) => sum + gzipSync(content).length, 0) / 1e6;
  const docs = await readFile(new URL('../../docs/optimisation.md', import.meta.url), 'utf8');
  const said = Number(/^\| without both \| ([\d.]+) MB/m.exec(docs)?.[1]);
  expect(megabytes).toBeGreaterThan(0.9 * said);
  expect(megabytes).toBeLessThan(1.1 * said);
});

describe('before the first answer of another API', () => {
  test.each([
    ['messages', budgets.messages, /invoke-with-response-stream$/],
    ['responses', budgets.responses, /converse-stream$/],
  ] as const)('%s: what it loads is within its budget', async (api, budget, call) => {
    const { text, calls, total } = await first(firsts[api]);
    expect(text).toContain(firsts[api].end);
    expect(calls).toEqual([expect.stringMatching(call)]);
    expect(total).toBeLessThanOrEqual(budget);
  });
});

describe('before the first chat is answered', () => {
  test('only the entry is loaded, it is within its budget, and the control plane is not called', async () => {
    const { text, calls, files, sizes, total, builtins } = await first(firsts.chat);
    expect(text).toContain(firsts.chat.end);
    expect(calls).toEqual([expect.stringMatching(/^POST \/model\/.*\/converse-stream$/)]);
    expect(files).toEqual(['index.mjs']);
    expect(total).toBeLessThanOrEqual(budget);
    expect(importedFirst(metafile)).toEqual(['index.mjs']);
    expect(fileSizes(metafile)[0]).toEqual({ name: 'index.mjs', bytes: sizes[0], first: sizes[0] });
    // The ES module of node:https loads undici; node:http2 takes 7 ms.
    for (const name of ['node:https', 'node:http2']) expect(builtins).not.toContain(name);
  });

  test('what is loaded is ASCII: V8 keeps any other source in two bytes a character', async () => {
    const source = await readFile(join(folder, 'index.mjs'));
    expect(source.findIndex((byte) => byte > 0x7f)).toBe(-1);
  });

  test('what is loaded later imports no file that only passes on what another has', () => {
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    const needed = imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
    expect(needed.length).toBeGreaterThan(0);
    for (const { path } of needed) expect(metafile.outputs[path]?.inputs, path).not.toEqual({});
  });

  test('texts that the documentation is made of are left out', async () => {
    const texts = [
      ...Object.values(parameters).map(({ note }) => note),
      ...Object.values<SettingRow<unknown>>(settings).flatMap(({ about, notInStack = '' }) => [
        about,
        notInStack,
      ]),
      ...[...families, unknownFamily].flatMap(({ title, source }) => [title, source]),
    ];
    // What stands in the bundle as it is written.
    const plain = texts.flatMap((text) => `${text}`.match(/\w+ [\w ,;:()/.-]{15,}/)?.[0] ?? []);
    expect(plain.length).toBeGreaterThan(100);
    const source = await readFile(join(folder, 'index.mjs'), 'utf8');
    expect(plain.filter((text) => source.includes(text))).toEqual([]);
  });

  test('what it does not need is loaded later', () => {
    const first = bundleSizes(metafile).filter((size) => size.first > 0);
    const later = ['@aws-sdk/client-bedrock', '@aws-sdk/core', '@aws-sdk/credential-provider-http', 'bowser'];
    for (const name of [...later, 'gpt-tokenizer', 'ipaddr.js']) {
      expect(first.map((size) => size.name)).not.toContain(name);
      expect(bundleSizes(metafile).map((size) => size.name)).toContain(name);
    }
    const inputs = Object.keys(metafile.outputs['index.mjs']?.inputs ?? {});
    for (const room of [
      'apis/anthropic/reading',
      'apis/completions',
      'apis/batches',
      'apis/batching',
      'apis/embeddings',
      'apis/files',
      'apis/images',
      'apis/messages',
      'apis/models',
      'apis/moderations',
      'apis/rerank/request',
      'apis/responses',
      'batch-parts',
      'batches',
      'backends/embed',
      'accounting/costs',
      'auth/key-record',
      'auth/parse-records',
      'accounting/record',
      'backends/errors/call-error',
      'backends/errors/rows',
      'backends/guardrail',
      'backends/images',
      'backends/invoke',
      'backends/messages',
      'backends/rerank',
      'bedrock/control-plane',
      'bedrock/describe',
      'bedrock/invocation-jobs',
      'bedrock/s3',
      'discovery',
      'engine/batch-record',
      'engine/count-tokens',
      'engine/images',
      'engine/moderations',
      'engine/repairs',
      'engine/rerank',
      'fit/caching',
      'fit/guardrail',
      'fit/images',
      'fit/leaks',
      'fit/media',
      'fit/messages',
      'fit/reasoning/steps',
      'fit/schema',
      'fit/stop/',
      'fit/structured-output',
      'fit/tools',
      'models/catalogue/catalogue',
      'models/catalogue/listing',
      'models/catalogue/model-list',
      'models/catalogue/rows',
      'models/profiles/after-refusal',
      'models/profiles/lookup',
      'limit-parts',
      'limits',
      'prices',
      'record-parts',
      'models/images',
      'models/rerank',
      'remote-media',
      'sandbox',
      'store',
      'techniques/run',
      'techniques/select',
      'techniques/solvers',
    ]) {
      expect(inputs.filter((path) => path.startsWith(`lambda/${room}`))).toEqual([]);
      expect(Object.keys(metafile.inputs).some((path) => path.startsWith(`lambda/${room}`))).toBe(true);
    }
    // The credentials of laptops and of other services.
    const all = Object.keys(metafile.inputs);
    const absent =
      /credential-provider-(ini|sso|process|web-identity|login|imds)|token-providers\/|nested-clients|client-(bedrock-runtime|secrets-manager)\//;
    expect(all.filter((path) => absent.test(path))).toEqual([]);
  });
});
