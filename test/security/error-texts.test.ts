import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callError, faultError } from '../../lambda/backends/errors/call-error.ts';
import { faultOfFrame } from '../../lambda/backends/errors/fault.ts';
import { showable } from '../../lambda/backends/errors/showable.ts';
import { knownNames } from '../../lambda/backends/errors/table.ts';
import { isWrittenIn } from '../../lambda/backends/errors/written.ts';
import { encodeException } from '../../local/simulator/event-stream.ts';
import { fakeBedrock, frames, sendJson, streamHeaders } from '../lambda/backends/fake-bedrock.ts';
import { inProcessOnly } from '../support/in-process-only.ts';
import { type Stack, startStack } from '../support/stack.ts';

/**
 * Whatever Bedrock says, however it says it: no client learns the account, who acts in it, or what else it has.
 * The texts are AWS's own with made-up names in them.
 */
const account = '123456789012';
const secrets = [
  account,
  'BedrockGateway-Role-ABC',
  'assumed-role',
  'o-abc1234567',
  'p-xyz98765',
  'AROAIOSFODNN7EXAMPLE',
  'ASIAIOSFODNN7EXAMPLE',
  'secret-profile',
  'vpce-0a1b2c3d4e5f67890',
  '10.1.2.3',
  'ops@example.com',
  'internal-bucket',
] as const;

const role = `arn:aws:sts::${account}:assumed-role/BedrockGateway-Role-ABC/fn`;
const revealing = [
  role,
  `arn:aws:bedrock:us-east-1:${account}:application-inference-profile/secret-profile`,
  `arn:aws:organizations::${account}:policy/o-abc1234567/service_control_policy/p-xyz98765`,
  `arn:aws-us-gov:iam::${account}:role/BedrockGateway-Role-ABC`,
  'assumed-role/BedrockGateway-Role-ABC/fn',
  account,
  '1234-5678-9012',
  'AROAIOSFODNN7EXAMPLE:fn',
  'ASIAIOSFODNN7EXAMPLE',
  'o-abc1234567',
  'vpce-0a1b2c3d4e5f67890',
  '10.1.2.3',
  'ops@example.com',
  's3://internal-bucket/key',
  `https://internal-bucket.s3.amazonaws.com/x?account=${account}`,
];

const found = (text: string) => [...secrets, '1234-5678-9012'].filter((secret) => text.includes(secret));

inProcessOnly('functions')('what may be shown of Bedrock’s text', () => {
  const nobody = () => false;

  test.each([
    [`${role} may not.`, '(ARN) may not.'],
    [`The provided ARN ${revealing[1]} is invalid.`, 'The provided ARN (ARN) is invalid.'],
    [`no access for "${role}", ask`, 'no access for "(ARN)", ask'],
    ['<html>123456789012</html>', ''],
    ['  <!DOCTYPE html><p>502', ''],
    ['Bad gateway <html><body>x', ''],
    ['a\u0000b\r\nc\u202ed', 'a b c d'],
    ['max_tokens: 8193 > 8192, which is the maximum', 'max_tokens: 8193 > 8192, which is the maximum'],
    ['tools.0.custom.name: should match ^[a-zA-Z0-9_-]{1,64}$', undefined],
    ['see https://docs.aws.amazon.com/bedrock/latest/userguide/x.html', undefined],
    ['roles must alternate between user/assistant', undefined],
    ['1234567890123 and 12345678901 are no accounts', undefined],
  ])('%j', (text, shown = text) => expect(showable(text, nobody)).toBe(shown));

  test('is bounded', () => expect(showable('x '.repeat(50_000), nobody).length).toBeLessThanOrEqual(2000));

  const plain = fc.stringMatching(/^[a-z ,.:;'"()[\]{}_/-]{0,20}$/);
  const gap = fc.constantFrom(' ', ', ', ': "', '" ', " '", '\n', '(', ') ', '[', '] ', '=');

  test('no piece that tells of the account, wherever it stands', () => {
    const parts = fc.array(fc.tuple(plain, gap, fc.constantFrom(...revealing), gap), { maxLength: 5 });
    fc.assert(
      fc.property(parts, (pieces) => {
        expect(found(showable(pieces.flat().join(''), nobody))).toEqual([]);
      }),
    );
  });

  test('but what the client wrote itself', () => {
    const theirs = fc.constantFrom(...revealing);
    fc.assert(
      fc.property(theirs, theirs, (own, other) => {
        fc.pre(!own.includes(other) && !other.includes(own));
        const wrote = (piece: string) => isWrittenIn({ messages: [{ content: [{ text: own }] }] }, piece);
        const shown = showable(`${own} and ${other}`, wrote);
        expect(shown.startsWith(`${own} and `)).toBe(true);
        expect(shown).not.toContain(other);
      }),
    );
  });

  test('takes time in proportion to the text', () => {
    for (const text of [
      'arn:aws:'.repeat(20_000),
      '1234'.repeat(40_000),
      'a@'.repeat(80_000),
      'o-'.repeat(80_000),
    ])
      expect(showable(text, nobody).length).toBeLessThanOrEqual(2000);
  });
});

inProcessOnly('functions')('every exception there is', () => {
  const names = [...knownNames, 'TeapotException', `Odd ${role}`];
  const statuses = [undefined, 400, 401, 403, 404, 409, 413, 418, 424, 429, 500, 503, 505];

  test.each(names)('%s', (name) => {
    const sentence = fc.array(
      fc.constantFrom(
        ...revealing,
        'is not authorized to perform: bedrock:InvokeModel on resource:',
        'input is too long',
        'prompt is too long: 5 tokens > 4 maximum',
        'data retention mode',
        'invalid sequence as part of ToolUse',
        'explicit deny in a service control policy:',
        'doesn’t support',
        'again after 5 minutes, AWS Marketplace subscription',
      ),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(
        sentence,
        fc.constantFrom(...statuses),
        fc.boolean(),
        (words, status, callerCredentials) => {
          const message = words.join(' ');
          const context = { model: 'the-model', callerCredentials };
          const frame = { type: name, requestId: undefined };
          for (const fault of [
            { name, message, status },
            { name, message: 'x', status, originalStatus: 400, originalMessage: message },
            faultOfFrame({ ...frame, payload: JSON.stringify({ message, originalMessage: message }) }),
            faultOfFrame({ ...frame, payload: message }),
            faultOfFrame({ ...frame, message }),
          ]) {
            expect(found(JSON.stringify(faultError(fault, context)))).toEqual([]);
          }
          const thrown = Object.assign(new Error(message), {
            name,
            $metadata: { httpStatusCode: status ?? 400 },
          });
          const { signal } = new AbortController();
          expect(found(JSON.stringify(callError(thrown, { ...context, signal })))).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('on real sockets', () => {
  let bedrock: Awaited<ReturnType<typeof fakeBedrock>>;
  let stack: Stack;
  /** What the next call is answered with. */
  let refusal: { status: number; type?: string; message: string } | { frame: string; message: string };

  beforeAll(async () => {
    bedrock = await fakeBedrock((_, response) => {
      if ('frame' in refusal) {
        response.writeHead(200, streamHeaders);
        response.write(frames.start);
        response.write(frames.delta('Hel'));
        response.end(encodeException(refusal.frame, { message: refusal.message }));
      } else if (refusal.type === undefined) {
        response.writeHead(refusal.status, { 'content-type': 'text/html' }).end(refusal.message);
      } else {
        const body = { message: refusal.message };
        sendJson(response, refusal.status, body, { 'x-amzn-errortype': refusal.type });
      }
    });
    stack = await startStack({ runtimeUrl: bedrock.url, env: { AWS_MAX_ATTEMPTS: '1' } });
  });
  afterAll(async () => {
    await stack.close();
    await bedrock.close();
  });

  const ask = (stream: boolean, text = 'hi') =>
    stack.post('/chat/completions', {
      model: 'amazon.nova-lite-v1:0',
      stream,
      messages: [{ role: 'user', content: text }],
    });
  const told = async (response: Response) =>
    `${JSON.stringify([...response.headers])} ${await response.text()}`;

  const message = revealing.join(' ');
  test.each([
    { status: 400, type: 'ValidationException', message },
    {
      status: 403,
      type: 'AccessDeniedException',
      message: `User: ${role} is not authorized to perform: bedrock:InvokeModel on resource: ${revealing[1]} with an explicit deny in a service control policy: ${revealing[2]}`,
    },
    { status: 404, type: 'ResourceNotFoundException', message },
    { status: 409, type: 'ConflictException', message },
    { status: 418, type: 'TeapotException', message },
    { status: 424, type: 'ModelErrorException', message },
    { status: 429, type: 'ThrottlingException', message },
    { status: 500, type: 'InternalServerException', message },
    { status: 413, message: `<html><body>${message}</body></html>` },
    { status: 502, message },
  ])('$status $type, whole, streamed and for embeddings', async (given) => {
    refusal = given;
    const embed = { model: 'amazon.titan-embed-text-v2:0', input: 'x' };
    for (const answer of [await ask(false), await ask(true), await stack.post('/embeddings', embed)]) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(found(await told(answer))).toEqual([]);
    }
  });

  test.each(['modelStreamErrorException', 'validationException', 'throttlingException', 'oddException'])(
    '%s within a stream',
    async (frame) => {
      refusal = { frame, message };
      const text = await told(await ask(true));
      expect(text).toContain('"error"');
      expect(text).not.toContain('[DONE]');
      expect(found(text)).toEqual([]);
    },
  );

  test('an ARN from the client’s own message comes back to it', async () => {
    const own = `arn:aws:bedrock:us-east-1:999999999999:guardrail/abc`;
    refusal = { status: 400, type: 'ValidationException', message: `bad ${own} for ${role}` };
    const text = await told(await ask(false, `Look at ${own} please`));
    expect(text).toContain(`bad ${own} for (ARN)`);
  });

  test('the log has none of it either', () => {
    expect(found(JSON.stringify(stack.logs))).toEqual([]);
  });
});
