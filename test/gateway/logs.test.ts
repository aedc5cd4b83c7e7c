import { describe, expect, test } from 'vitest';
import { createLogger, errorFields } from '../../lambda/telemetry/logger.ts';
import { createCanaries } from '../support/canaries.ts';
import { chat, haiku } from '../support/chat.ts';
import { inProcessOnly } from '../support/in-process-only.ts';
import { startStack } from '../support/stack.ts';

/** Every stack of these tests looks for keys, credentials and prompts in its log when it is closed. */
inProcessOnly('functions')('the search of every log line', () => {
  const search = (line: string) => {
    const canaries = createCanaries();
    canaries.secret('sk-a-key');
    const headers = new Headers({ authorization: 'Bearer sk-other', 'x-aws-session-token': 'the-token' });
    canaries.request(
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'a "quoted" prompt' }] }] },
      headers,
    );
    return () => canaries.check([JSON.stringify({ message: 'x' }), JSON.stringify({ message: line })]);
  };
  test.each(['sk-a-key', 'sk-other', 'the-token', 'said: a "quoted" prompt'])('finds %s', (line) =>
    expect(search(line)).toThrow(/contains/),
  );
  test('finds nothing where nothing is', () => expect(search('user, assistant, text')).not.toThrow());
});

describe('the record of a request', () => {
  const http = ['requestId', 'status', 'firstByteMs', 'totalMs', 'ended', 'client'];
  const common = ['level', 'time', 'message', ...http];
  const chatFields = [...common, 'key', 'api', 'stream', 'modelAsked'];
  const asked = ['attempts', 'calls', 'upstreamRequestId', 'scope', 'profile'];
  const called = [...asked, 'modelUsed', 'region'];
  const tokens = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'cacheWrite1hTokens'];
  const priced = ['costUsd', 'pricedFrom'];
  const failed = ['errorReason', 'errorCode'];

  test('has one line for each, with what happened and nothing of what was said', async () => {
    const stack = await startStack({ env: { AWS_MAX_ATTEMPTS: '1', LOG_LEVEL: 'debug' } });
    const fields = async (send: () => Promise<unknown>) => {
      stack.logs.length = 0;
      await send();
      expect(stack.logs).toHaveLength(1);
      return new Set(Object.keys(stack.logs[0] ?? {}));
    };
    for (const stream of [false, true]) {
      const ok = await fields(() => chat(stack, 'a prompt that nobody logs', { stream }));
      const first = stream ? ['firstTokenMs'] : [];
      expect(ok).toEqual(new Set([...chatFields, ...called, ...tokens, ...priced, ...first]));
      const refused = await fields(() => chat(stack, '[[throttle]] a prompt that nobody logs', { stream }));
      expect(refused).toEqual(new Set([...chatFields, ...failed, ...asked, 'costUsd']));
    }
    const broken = '[[stream-error:throttlingException]] a prompt that nobody logs';
    expect(await fields(() => chat(stack, broken, { stream: true }))).toEqual(
      new Set([
        ...[...chatFields, ...called, ...failed, ...tokens],
        ...['tokensEstimated', 'unpriced', 'unpricedCalls', 'firstTokenMs'],
      ]),
    );
    const unknown = await fields(() => fetch(`${stack.baseUrl}/models`));
    expect(unknown).toEqual(new Set([...common, ...failed]));
    await fetch(`${stack.baseUrl.replace('/v1', '')}/health`);
    expect(stack.logs).toHaveLength(1);
    await stack.close();
  });

  test('LOG_CONTENT adds what was said, and still no key', async () => {
    const stack = await startStack({ env: { LOG_CONTENT: 'true' } });
    for (const stream of [false, true]) await chat(stack, 'a prompt for the log', { stream, model: haiku });
    const lines = stack.logs.map((line) => JSON.stringify(line));
    expect(lines.filter((line) => line.includes('"message":"prompt"'))).toHaveLength(2);
    expect(lines.some((line) => line.includes('"message":"answer"'))).toBe(true);
    expect(lines.join('\n')).toContain('a prompt for the log');
    expect(lines.join('\n')).not.toContain(stack.apiKey);
    await stack.close();
  });

  test('LOG_LEVEL warn leaves it out', async () => {
    const stack = await startStack({ env: { LOG_LEVEL: 'warn' } });
    await chat(stack, 'a prompt that nobody logs');
    expect(stack.logs).toEqual([]);
    await stack.close();
  });
});

inProcessOnly('functions')('an error in a log line', () => {
  const logged = (error: unknown) => {
    const lines: string[] = [];
    createLogger('info', (line) => lines.push(line)).error('unexpected error', errorFields(error));
    return lines.join('');
  };
  const thrownBy = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      return error;
    }
    return undefined;
  };

  test.each([
    '{"a": my secret plan}',
    'my secret plan',
    '{"text":"my secret plan"',
    '["it\'s my "secret plan"]',
  ])('does not repeat JSON that could not be read: %s', (json) => {
    const line = logged(thrownBy(() => JSON.parse(json)));
    expect(line).toContain('SyntaxError');
    expect(line).not.toMatch(/secret/);
  });

  test('does not repeat what was signed, nor the id of a key', () => {
    const signed = new Error(
      "No match. The Canonical String for this request should have been 'token:abc' AKIA1",
    );
    expect(logged(signed)).not.toMatch(/token:abc/);
    expect(
      logged(new Error('x', { cause: new Error('The key AKIAIOSFODNN7EXAMPLE is unknown') })),
    ).not.toMatch(/AKIA/);
  });

  test('names no account, role or resource of AWS’s refusals', () => {
    const denied = new Error(
      'User: arn:aws:sts::123456789012:assumed-role/Gateway/x is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:keys, in account 123456789012',
    );
    for (const error of [denied, new Error('x', { cause: denied })]) {
      expect(logged(error)).toMatch(/not authorized to perform: secretsmanager:GetSecretValue/);
      expect(logged(error)).not.toMatch(/\d{12}|assumed-role|secret:keys/);
    }
  });

  test('takes no line of its text for a line of the stack', () => {
    expect(logged(new SyntaxError('"I meet them\n    at my secret place"'))).not.toMatch(/secret/);
  });

  test('names what was thrown without being an error, and not its content', () => {
    expect(logged('my secret plan')).toMatch(/"error":"string"/);
    expect(logged('my secret plan')).not.toMatch(/secret/);
  });
});
