import { BedrockError, exceptionOfStream, isStreamException } from '../errors.ts';
import type { Reply, Step } from '../operation.ts';
import { jsonReply } from '../reply.ts';
import { dialectOf, type EventStep } from './dialect.ts';
import { responses } from './openai-dialects.ts';
import { numberAt, type Scenario } from './scenario.ts';

const isEvent = (step: Step): step is EventStep => 'event' in step;

/**
 * The first `count` events of a stream, then something else instead of the rest. Of a plain body, which has no
 * events, the first half.
 */
function breakAfter(count: number, ...then: Step[]): (reply: Reply) => Reply {
  return (reply) => ({
    ...reply,
    steps: (function* () {
      let seen = 0;
      for (const step of reply.steps) {
        if ('bytes' in step) {
          yield { bytes: step.bytes.subarray(0, step.bytes.length >> 1) };
          break;
        }
        if (seen === count) break;
        if (isEvent(step)) seen += 1;
        yield step;
      }
      yield* then;
    })(),
  });
}

/** Changes the n-th event of a stream, counted from 0, into other steps. */
function replaceEvent(reply: Reply, nth: number, change: (step: EventStep) => Step[]): Reply {
  return {
    ...reply,
    steps: (function* () {
      let seen = 0;
      for (const step of reply.steps) yield* isEvent(step) && seen++ === nth ? change(step) : [step];
    })(),
  };
}

const streamErrorText: Record<string, string> = {
  throttlingException: 'Too many requests, please wait before trying again.',
  serviceUnavailableException: 'Bedrock is unable to process your request.',
  validationException: 'Input is too long for requested model.',
};
const unexpected = 'The system encountered an unexpected error during processing. Try your request again.';
const textOf = (type: string) => streamErrorText[type] ?? unexpected;
const typeOf = (args: readonly string[]) =>
  args[0] && isStreamException(args[0]) ? args[0] : 'modelStreamErrorException';

function exceptionStep(type: string): Step {
  const original = type === 'modelStreamErrorException' && {
    originalStatusCode: 500,
    originalMessage: unexpected,
  };
  return { exception: type, payload: { message: textOf(type), ...original } };
}

/** openai/codex#27185: everything has been said, and then it is called a failure. */
function withFailure(reply: Reply, code: string): Reply {
  const failed = (response: object) => ({
    ...response,
    status: 'failed',
    error: { code, message: unexpected },
  });
  return {
    ...reply,
    steps: (function* (): Iterable<Step> {
      for (const step of reply.steps) {
        if ('bytes' in step)
          yield {
            bytes: Buffer.from(JSON.stringify(failed(JSON.parse(Buffer.from(step.bytes).toString())))),
          };
        else if (isEvent(step) && responses.isEnding(step))
          yield { event: 'response.failed', payload: { response: failed(step.payload.response as object) } };
        else yield step;
      }
    })(),
  };
}

export const breakages: Scenario[] = [
  {
    name: 'stream-error',
    example: '[[stream-error:throttlingException:3]]',
    does: 'An exception inside the stream after N events (default modelStreamErrorException after 3; 0 is before the first). Without streaming, the same exception as a refusal.',
    listed: true,
    refuse: ({ args, streams }) =>
      streams ? undefined : new BedrockError(exceptionOfStream(typeOf(args)), textOf(typeOf(args))),
    deliver: (reply, { args }) => breakAfter(numberAt(args, 1, 3), exceptionStep(typeOf(args)))(reply),
  },
  {
    name: 'error-frame',
    example: '[[error-frame:3]]',
    does: 'A frame of message type `error` after N events: an error that no model describes. On OpenAI’s paths `data: {"error":…}`. Streams only.',
    deliver: (reply, { args, streams, call }) =>
      streams
        ? breakAfter(numberAt(args, 0, 3), { bytes: dialectOf(call).errorFrame(unexpected) })(reply)
        : reply,
  },
  {
    name: 'reset',
    example: '[[reset]]',
    does: 'The connection is reset before the status line. `[[reset:2]]`: twice for that prompt, then it works.',
    deliver: (reply, { args, tries }) =>
      tries <= numberAt(args, 0, Number.POSITIVE_INFINITY) ? { ...reply, before: [{ reset: true }] } : reply,
  },
  {
    name: 'reset-mid-stream',
    example: '[[reset-mid-stream:3]]',
    does: 'The connection is reset after N events, or half-way through a plain body.',
    deliver: (reply, { args }) => breakAfter(numberAt(args, 0, 3), { reset: true })(reply),
  },
  {
    name: 'stall',
    example: '[[stall]]',
    does: 'Nothing comes, not even a status, until the client gives up.',
    listed: true,
    deliver: (reply) => ({ ...reply, before: [{ stall: true }] }),
  },
  {
    name: 'stall-mid-stream',
    example: '[[stall-mid-stream:3]]',
    does: 'Silence after N events until the client gives up.',
    deliver: (reply, { args }) => breakAfter(numberAt(args, 0, 3), { stall: true })(reply),
  },
  {
    name: 'truncate',
    example: '[[truncate:3]]',
    does: 'The answer ends, in good order as HTTP goes, in the middle of the frame after N events, or half-way through a plain body.',
    listed: true,
    deliver: (reply, { args, streams, call }) => {
      const half: Step = { bytes: dialectOf(call).halfFrame };
      return breakAfter(numberAt(args, 0, 3), ...(streams ? [half] : []))(reply);
    },
  },
  {
    name: 'bad-crc',
    example: '[[bad-crc:2]]',
    does: 'The checksum of the message with that number, from 0, is wrong (default 2). On OpenAI’s paths its data is no JSON.',
    deliver: (reply, { args, call }) =>
      replaceEvent(reply, numberAt(args, 0, 2), (step) => [
        { bytes: dialectOf(call).damaged(step, 'content') },
      ]),
  },
  {
    name: 'bad-prelude-crc',
    example: '[[bad-prelude-crc:2]]',
    does: 'The checksum of that message’s lengths is wrong (default 2). On OpenAI’s paths it has no data.',
    deliver: (reply, { args, call }) =>
      replaceEvent(reply, numberAt(args, 0, 2), (step) => [
        { bytes: dialectOf(call).damaged(step, 'prelude') },
      ]),
  },
  {
    name: 'no-message-stop',
    example: '[[no-message-stop]]',
    does: 'The stream ends cleanly without messageStop and metadata; on InvokeModel without message_delta and message_stop, on OpenAI’s paths without the finish reason and `[DONE]`, or without response.completed.',
    deliver: (reply, { call }) => ({
      ...reply,
      steps: (function* () {
        for (const step of reply.steps) if (!isEvent(step) || !dialectOf(call).isEnding(step)) yield step;
      })(),
    }),
  },
  {
    name: 'response-failed',
    example: '[[response-failed:server_error]]',
    does: 'Of Responses only: a complete answer ends with response.failed and that code (default server_error), streamed or not.',
    deliver: (reply, { args, call }) =>
      call.operation === 'responses' ? withFailure(reply, args[0] ?? 'server_error') : reply,
  },
  {
    name: 'unknown-event',
    example: '[[unknown-event]]',
    does: 'An event of a type nobody knows stands among the others, which are complete.',
    deliver: (reply, { call }) => replaceEvent(reply, 1, (step) => [dialectOf(call).unknownEvent, step]),
  },
  {
    name: 'unknown-delta',
    example: '[[unknown-delta]]',
    does: 'A delta of a kind nobody knows stands among the others, which are complete.',
    deliver(reply, { call }) {
      const { firstDelta, unknownDelta } = dialectOf(call);
      return replaceEvent(reply, firstDelta, (step) => [unknownDelta, step]);
    },
  },
  {
    name: 'unknown-operation',
    example: '[[unknown-operation]]',
    does: 'HTTP 200 with the body that AWS gives for a path it does not know.',
    deliver: () =>
      jsonReply({ Output: { __type: 'com.amazon.coral.service#UnknownOperationException' }, Version: '1.0' }),
  },
  {
    name: 'error-200',
    example: '[[error-200]]',
    does: 'HTTP 200 whose body is `{"message": …}` and nothing else; on OpenAI’s paths `{"error": …}`.',
    deliver: (_reply, { call }) => jsonReply(dialectOf(call).errorBody(unexpected)),
  },
  {
    name: 'empty-200',
    example: '[[empty-200]]',
    does: 'HTTP 200 without a body.',
    deliver: (reply) => ({ ...reply, steps: [] }),
  },
];
