import { type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileCache } from '../../support/compile-cache.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { type Terminalless, withoutTerminal } from './asking.ts';

const haiku = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const sonnet = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const nova = 'us.amazon.nova-lite-v1:0';
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let stack: Stack;
let person: Terminalless;
let remote: string[];
beforeAll(async () => {
  stack = await startStack();
  person = withoutTerminal(stack.simulator.url);
  remote = ['--url', stack.baseUrl, '--key', stack.apiKey];
});
afterAll(async () => {
  person.remove();
  await stack.close();
});

const ways = [
  ['in this process', () => []],
  ['through a gateway', () => remote],
] as const;

const chat = (way: () => readonly string[], args: string[], more?: Parameters<Terminalless['run']>[1]) =>
  person.run(['chat', ...way(), '--model', haiku, ...args], more);
const lastBody = () => stack.simulator.calls.at(-1)?.body as Record<string, unknown>;

describe.each(ways)('one question, %s', (_, way) => {
  test('the answer alone on standard output, all else on standard error', async () => {
    const { code, out, err } = await chat(way, ['[[say:Good *morning*]]']);
    expect({ code, out }).toEqual({ code: 0, out: 'Good *morning*\n' });
    expect(err).toMatch(/^us\.anthropic\.claude-haiku.* in us-east-1 · \d+ tokens in, \d+ out · .+\n$/);
  });

  test('what is piped in stands behind the message', async () => {
    const { code, out } = await chat(way, ['review', 'this'], { piped: 'diff --git a b\n' });
    expect(code).toBe(0);
    expect(out).toContain('“review this\n\ndiff --git a b');
    expect((await chat(way, [], { piped: 'only this' })).out).toContain('“only this”');
  });

  test('--json', async () => {
    const { code, out, err } = await chat(way, ['--json', '--effort', 'low', '--model', sonnet, 'Hello']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const answer = JSON.parse(out);
    // What is not known is null, and says why.
    expect(typeof answer.cost.usd).toBe('unknown' in answer.cost ? 'object' : 'string');
    expect(answer).toMatchObject({
      text: expect.stringContaining('You said: “Hello”.'),
      reasoning: expect.stringContaining('The user wants'),
      toolCalls: [],
      complete: true,
      stopReason: 'end_turn',
      model: { asked: sonnet, used: sonnet, region: 'us-east-1' },
      usage: { input: expect.any(Number), output: expect.any(Number), estimated: false },
      warnings: [],
      conversation: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  test.each([
    ['a validation error', '[[validation]]', 4, 'Malformed input'],
    ['no access to the model', '[[access-denied]]', 4, 'no access to the model'],
    ['a quota that is used up', '[[throttle-daily]]', 1, 'quota'],
    ['a failure within the stream', '[[stream-error:throttlingException:3]]', 5, 'The answer broke off'],
    ['a stream without its end', '[[no-message-stop]]', 5, 'The answer broke off'],
    ['a filter', '[[stop:content_filtered]]', 6, 'A content filter stopped the answer.'],
    ['too few tokens', '[[stop:max_tokens]]', 6, 'cut at its limit of tokens'],
  ])('exit status of %s', async (_name, text, code, words) => {
    const printed = await chat(way, [text]);
    expect(printed).toMatchObject({ code, err: expect.stringContaining(words) });
    const json = await chat(way, ['--json', `${text} `]);
    expect(json.code).toBe(code);
    expect(JSON.parse(json.out)).toMatchObject(
      code < 5 ? { error: { reason: expect.any(String) } } : { complete: false },
    );
  });

  test('credentials that are refused', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAEXPIRED000000000' };
    const args = way().length > 0 ? ['--key', 'sk-wrong'] : [];
    const own = process.env.AWS_ACCESS_KEY_ID;
    // The SDK reads the process's environment.
    if (args.length === 0) process.env.AWS_ACCESS_KEY_ID = env.AWS_ACCESS_KEY_ID;
    try {
      const { code, out, err } = await chat(way, [...args, 'Hello'], { env });
      expect({ code, out }).toEqual({ code: 3, out: '' });
      expect(err).toMatch(args.length > 0 ? /API key/ : /npx gateway doctor/);
    } finally {
      process.env.AWS_ACCESS_KEY_ID = own;
    }
  });

  test('a fallback that answered is told in one line', async () => {
    const { code, out, err } = await chat(way, ['--fallback', nova, '[[throttle@haiku]] Hello']);
    expect(code).toBe(0);
    expect(out).toContain('amazon.nova-lite');
    expect(err).toContain(`${nova} in us-east-1 answered, after ${haiku} in us-east-1: throttled.\n`);
  });

  test('images, documents and texts are attached', async () => {
    writeFileSync(join(person.folder, 'dot.png'), Buffer.from(png, 'base64'));
    writeFileSync(join(person.folder, 'my paper.pdf'), '%PDF-1.4 paper');
    writeFileSync(join(person.folder, 'notes.ts'), 'export const a = 1;\n');
    const files = ['dot.png', 'my paper.pdf', 'notes.ts'].flatMap((name) => [
      '-a',
      join(person.folder, name),
    ]);
    expect((await chat(way, [...files, 'What is this?'])).code).toBe(0);
    const { messages } = lastBody() as { messages: { content: object[] }[] };
    expect(messages[0]?.content).toEqual([
      { image: { format: 'png', source: { bytes: png } } },
      { document: { name: 'my paper', format: 'pdf', source: { bytes: expect.any(String) } } },
      { text: '<file name="notes.ts">\nexport const a = 1;\n\n</file>' },
      { text: 'What is this?' },
    ]);
  });

  test('system prompt, limits and schema reach the model', async () => {
    const schema = join(person.folder, 'schema.json');
    writeFileSync(schema, '{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}');
    const args = [
      '--system',
      'Be brief.',
      '--max-tokens',
      '99',
      '--temperature',
      '0.5',
      '--json-schema',
      schema,
    ];
    const { code, out } = await chat(way, [...args, 'Hello']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ a: expect.any(String) });
    expect(lastBody()).toMatchObject({
      system: [{ text: 'Be brief.' }],
      inferenceConfig: { maxTokens: 99, temperature: 0.5 },
    });
  });

  test('custom:<region>:<model-id> says where', async () => {
    const { code, err } = await chat(way, [
      '--model',
      `custom:eu-central-1:eu.amazon.nova-lite-v1:0`,
      'Hello',
    ]);
    expect(code).toBe(0);
    expect(err).toContain('eu.amazon.nova-lite-v1:0 in eu-central-1');
  });

  test('signed reasoning goes back with the next question, in the same place', async () => {
    const thinking = ['--model', sonnet, '--effort', 'low'];
    const first = JSON.parse((await chat(way, ['--json', ...thinking, 'One'])).out) as {
      conversation: string;
    };
    const { code } = await chat(way, ['--resume', first.conversation, 'Two']);
    expect(code).toBe(0);
    const { messages } = lastBody() as { messages: { role: string; content: object[] }[] };
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(messages[1]?.content).toEqual([
      { reasoningContent: { reasoningText: { text: expect.any(String), signature: expect.any(String) } } },
      expect.objectContaining({ text: expect.stringContaining('“One”') }),
      ...messages[1]!.content.slice(2),
    ]);
  });
});

test('a conversation that began in this process goes on through a gateway, and on another model', async () => {
  const first = JSON.parse((await chat(ways[0][1], ['--json', '--effort', 'low', 'One'])).out);
  const second = await chat(ways[1][1], ['--json', '--resume', first.conversation, '--model', nova, 'Two']);
  expect(second.code).toBe(0);
  expect(JSON.parse(second.out)).toMatchObject({ conversation: first.conversation, model: { used: nova } });
});

test('--region, and without it GATEWAY_REGIONS, where another region has to help out', async () => {
  const away = await chat(ways[0][1], ['--region', 'us-west-2', 'Hello']);
  expect(away.err).toContain('in us-west-2');
  const env = { GATEWAY_REGIONS: 'us-east-1,us-west-2' };
  const helped = await chat(ways[0][1], ['[[throttle@us-east-1/]] Hello'], { env });
  expect(helped.err).toMatch(/in us-west-2 answered, after .* in us-east-1: throttled\./);
});

test('a reader that has had enough ends it, and what came is kept', async () => {
  const chat = spawn(process.execPath, [bin, 'chat', '--model', haiku, '[[slow:20]] [[events:2000]]'], {
    env: { PATH: process.env.PATH, ...compileCache, ...person.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(chat.stdout, 'data');
  chat.stdout.destroy();
  const [code] = await once(chat, 'exit');
  expect(code).toBe(141);
  const { out } = await person.run(['conversations', 'list']);
  expect(out).toContain('[[slow:20]] [[events:2000]]');
});

const bin = fileURLToPath(new URL('../../../bin/gateway.ts', import.meta.url));
const started = (args: string[], stdio: StdioOptions) =>
  spawn(process.execPath, [bin, ...args], {
    env: { PATH: process.env.PATH, ...compileCache, ...person.env },
    stdio,
  });

test('messages that nobody reads end neither the answer nor its status', async () => {
  const chat = started(['chat', '--model', haiku, '[[slow:20]] [[events:40]]'], ['ignore', 'pipe', 'pipe']);
  chat.stderr?.destroy();
  let out = '';
  chat.stdout?.on('data', (piece) => {
    out += piece;
  });
  const [code] = await once(chat, 'close');
  expect(code).toBe(0);
  expect(out).toContain('word40');
});

/** A device on which every write fails as on a full disk. */
const full = '/dev/full';
describe.skipIf(!existsSync(full))('a full disk where the answer should go', () => {
  test.each([
    ['as text', ['[[events:300]]']],
    ['as one object, written last', ['--json', 'Hello']],
  ])('%s is told, in one line, and is no success', async (_, args) => {
    const file = openSync(full, 'w');
    const chat = started(['chat', '--model', haiku, ...args], ['ignore', file, 'pipe']);
    let err = '';
    chat.stderr?.on('data', (piece) => {
      err += piece;
    });
    const [code] = await once(chat, 'close');
    closeSync(file);
    expect(code).toBe(5);
    expect(err).toMatch(/^The answer cannot be written: the disk is full\.$/m);
    expect(err).not.toContain('    at ');
  });

  test('another command says so, too', async () => {
    const file = openSync(full, 'w');
    const command = started(['help'], ['ignore', file, 'pipe']);
    let err = '';
    command.stderr?.on('data', (piece) => {
      err += piece;
    });
    const [code] = await once(command, 'close');
    closeSync(file);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'gateway: what was to be printed cannot be written (ENOSPC).\n',
    });
  });
});

describe('what is set', () => {
  test('a gateway that is set is not asked where the simulator is wanted', async () => {
    const env = { GATEWAY_URL: 'http://127.0.0.1:9', GATEWAY_API_KEY: 'sk-other' };
    const { code, out } = await chat(ways[0][1], ['--simulator', 'Hello'], { env });
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('“Hello”') });
  });

  test('a region beside a gateway that is set is no silent nothing', async () => {
    const env = { GATEWAY_URL: 'http://127.0.0.1:9', GATEWAY_API_KEY: 'sk-other', AWS_ACCESS_KEY_ID: 'AKIA' };
    const { code, err } = await chat(ways[0][1], ['--region', 'us-west-2', 'Hello'], { env });
    expect(code).toBe(2);
    expect(err).toContain('--region is for Bedrock: of a gateway (http://127.0.0.1:9, which is set)');
  });
});

test('a file of Windows has a mark before its text', async () => {
  const schema = join(person.folder, 'marked.json');
  writeFileSync(schema, '\uFEFF{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}');
  const { code, out } = await chat(ways[0][1], ['--json-schema', schema, '--temperature', '.5', 'Hello']);
  expect({ code, out: JSON.parse(out) }).toEqual({ code: 0, out: { a: expect.any(String) } });
  expect(lastBody()).toMatchObject({ inferenceConfig: { temperature: 0.5 } });
  const piped = await chat(ways[0][1], ['', ' '], { piped: '\uFEFFonly this' });
  expect(piped.out).toContain('“only this”');
});

test('what could not be kept has no id that a script would resume by', async () => {
  const folder = join(person.folder, 'a-file');
  writeFileSync(folder, '');
  const { code, out, err } = await chat(ways[0][1], ['--json', 'Hello'], {
    env: { CONVERSATIONS_DIR: folder },
  });
  expect(code).toBe(0);
  expect(JSON.parse(out)).not.toHaveProperty('conversation');
  expect(err).toContain('The conversation could not be kept: a file is where its folder should be.');
});

describe('bad use', () => {
  test.each([
    ['an image', Buffer.from(png, 'base64')],
    ['a text of two bytes a character', Buffer.from('hello', 'utf16le')],
  ])('%s that is piped in is no text', async (_, piped) => {
    const { code, out, err } = await chat(ways[0][1], ['What is this?'], { piped });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('no text in UTF-8. Images and documents are sent with --attach <file>.');
  });

  test.each([
    [[''], 'There is nothing to ask: the message is empty.'],
    [[' ', ''], 'There is nothing to ask: the message is empty.'],
    [['--url', 'http://localhost:99999', '--key', 'k', 'Hello'], 'it must be an http:// or https:// URL'],
    [['--effort', 'huge', 'Hello'], '--effort is "huge": it must be one of none, minimal'],
    [['--max-tokens', '0', 'Hello'], '--max-tokens is "0": it must be a whole number from 1 on'],
    [['--temperature', 'warm', 'Hello'], '--temperature is "warm": it must be a number from 0 to 1'],
    [['--frobnicate', 'Hello'], "Unknown option '--frobnicate'"],
    [['--attach', '/nowhere.png', 'Hello'], 'There is no file /nowhere.png.'],
    [['--json-schema', '/nowhere.json', 'Hello'], '--json-schema: /nowhere.json cannot be read (ENOENT).'],
    [['--url', 'ftp://x', 'Hello'], '--url is "ftp://x": it must be an http:// or https:// URL'],
    [['--url', 'http://localhost:1', 'Hello'], '--url needs a key: GATEWAY_API_KEY or --key.'],
    [['--resume', 'abc', 'Hello'], 'There is no conversation abc.'],
    [['--resume', 'abc', '--no-save', 'Hello'], 'leave out --no-save'],
    [[], 'There is nothing to ask'],
  ])('%j', async (args, words) => {
    const { code, out, err } = await person.run(['chat', ...args]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(words);
  });

  test('a gateway that is not there', async () => {
    const { code, err } = await person.run([
      'chat',
      '--url',
      'http://127.0.0.1:9',
      '--key',
      'k',
      '-m',
      'x',
      'Hello',
    ]);
    expect(code).toBe(1);
    expect(err).toContain('The gateway cannot be reached.');
  });

  test('a model that is not there', async () => {
    const { code, err } = await person.run(['chat', '-m', 'amazon.nova-lit', 'Hello']);
    expect(code).toBe(4);
    expect(err).toContain('amazon.nova-lit');
  });
});
