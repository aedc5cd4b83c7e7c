import { setTimeout as pause } from 'node:timers/promises';
import type { ConverseAnswer, ConverseEvent } from '../../lambda/canonical/types.ts';
import { unfold } from '../../lambda/canonical/unfold.ts';
import { encodeEvent, encodeException } from '../../local/simulator/event-stream.ts';
import { sendJson, streamHeaders } from '../lambda/backends/fake-bedrock.ts';
import { converseBlock, converseEvents, converseUsage, eventsOf, message } from './bedrock-answers.ts';
import type { Reply } from './bedrock-stand-in.ts';
import type { Block } from './captures.ts';

/** What a Bedrock that a test writes answers a call with. */

const chunkFrame = (event: object) =>
  encodeEvent('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') });

/** An answer of these blocks, in the form of the operation that was called. */
export const says =
  (...answer: Parameters<typeof message>): Reply =>
  (call, response) => {
    const whole = message(...answer);
    const { content } = whole;
    switch (call.operation) {
      case 'InvokeModel':
        return sendJson(response, 200, whole);
      case 'InvokeModelWithResponseStream':
        return streams(eventsOf(whole))(call, response);
      case 'Converse':
      case 'ConverseStream':
        return sendsConverse(converseUsage, content, whole.stop_reason)(call, response);
      case 'CountTokens':
        return sendJson(response, 200, { inputTokens: 11 });
    }
  };

/** An answer of Converse with these counts. */
export const sendsConverse =
  (counts: object, content: Block[] = message().content, stopReason = 'end_turn'): Reply =>
  (call, response) =>
    call.operation === 'ConverseStream'
      ? converseStreams(converseEvents(content, stopReason, counts))(call, response)
      : sendJson(response, 200, {
          output: { message: { role: 'assistant', content: content.map(converseBlock) } },
          stopReason,
          usage: counts,
          metrics: { latencyMs: 9 },
        });

/** These bytes as an event stream that ends in good order. */
const frames =
  (...bytes: Buffer[]): Reply =>
  (_, response) => {
    response.writeHead(200, streamHeaders);
    for (const each of bytes) response.write(each);
    response.end();
  };

/** Chunks of InvokeModelWithResponseStream with these events. */
export const streams = (events: object[]): Reply => frames(...events.map(chunkFrame));

/** Events of ConverseStream. */
export const converseStreams = (events: [string, object][]): Reply =>
  frames(...events.map(([type, payload]) => encodeEvent(type, payload as Record<string, unknown>)));

/** This answer of Converse, streamed where a stream is asked for. */
export const answersWith =
  (answer: ConverseAnswer): Reply =>
  (call, response) =>
    call.operation === 'ConverseStream'
      ? sendsEvents(unfold(answer))(call, response)
      : sendJson(response, 200, answer);

/** Events of ConverseStream, some of which come late. The stream ends after them, with or without an exception. */
export const sendsEvents =
  (events: (ConverseEvent | { pauseMs: number })[], exception?: { type: string; message: string }): Reply =>
  async (_, response) => {
    response.writeHead(200, streamHeaders);
    for (const event of events) {
      if ('pauseMs' in event) await pause(event.pauseMs);
      else {
        const [[type, payload]] = Object.entries(event) as [[string, Record<string, unknown>]];
        response.write(encodeEvent(type, payload));
      }
    }
    if (exception) response.write(encodeException(exception.type, { message: exception.message }));
    response.end();
  };

/** A stream that has begun, and then this exception. */
export const breaksAfter =
  (events: object[], exception: string, text: string): Reply =>
  (call, response) => {
    const begun = call.operation.startsWith('Converse')
      ? (events as [string, Record<string, unknown>][]).map((event) => encodeEvent(...event))
      : events.map(chunkFrame);
    return frames(...begun, encodeException(exception, { message: text }))(call, response);
  };

/** A stream that begins and goes no further; with no events, not even a status comes. */
export const stalls =
  (events: object[] = []): Reply =>
  (_, response) => {
    if (events.length === 0) return;
    response.writeHead(200, streamHeaders);
    for (const event of events) response.write(chunkFrame(event));
  };

const statuses: Record<string, number> = {
  ValidationException: 400,
  AccessDeniedException: 403,
  ResourceNotFoundException: 404,
  ModelTimeoutException: 408,
  ModelErrorException: 424,
  ThrottlingException: 429,
  ModelNotReadyException: 429,
  InternalServerException: 500,
  ServiceUnavailableException: 503,
};

/** One of Bedrock's exceptions, as an HTTP status. */
export const refuses =
  (exception: string, text: string): Reply =>
  (_, response) =>
    sendJson(response, statuses[exception] ?? 400, { message: text }, { 'x-amzn-errortype': exception });

/** Waits before it answers. */
export const late =
  (ms: number, reply: Reply): Reply =>
  async (call, response) => {
    await pause(ms);
    await reply(call, response);
  };
