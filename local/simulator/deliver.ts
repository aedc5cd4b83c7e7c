import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { awkwardPieces } from './awkward.ts';
import type { CallLog } from './call-log.ts';
import { encodeEvent, encodeException } from './event-stream.ts';
import type { Framing, Reply, Step } from './operation.ts';

/** Plays a reply on the socket, as fast as the client reads, and stops producing when the client is gone. */
export async function deliver(reply: Reply, response: ServerResponse, log: CallLog, msPerEvent: number) {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const { packets, framing } = reply;
  const stage: Stage = { response, log, gone: gone.signal, msPerEvent, held: [], packets, framing };
  try {
    for (const step of reply.before ?? []) await play(step, stage);
    if (gone.signal.aborted) return;
    log.status = reply.status;
    response.writeHead(reply.status, { ...reply.headers, 'x-amzn-requestid': log.requestId });
    for (const step of reply.steps) {
      await play(step, stage);
      if (gone.signal.aborted) return;
    }
    await release(stage);
    response.end();
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

interface Stage {
  response: ServerResponse;
  log: CallLog;
  gone: AbortSignal;
  msPerEvent: number;
  packets: Reply['packets'];
  framing: Reply['framing'];
  /** Bytes that wait for the last moment, when everything goes out in one packet or in awkward pieces. */
  held: Buffer[];
}

async function play(step: Step, stage: Stage): Promise<void> {
  if ('pauseMs' in step) {
    await flush(stage);
    return sleep(step.pauseMs, undefined, { signal: stage.gone });
  }
  if ('stall' in step) {
    await flush(stage);
    return untilGone(stage.gone);
  }
  if ('reset' in step) {
    await flush(stage);
    // What has been written must leave before the RST, or the client sees less than was sent.
    await new Promise((resolve) => setTimeout(resolve, 5));
    stage.log.reset = true;
    stage.response.socket?.resetAndDestroy();
    return;
  }
  await send(bytesOf(step, stage), stage);
  if ('event' in step && stage.msPerEvent > 0)
    await sleep(stage.msPerEvent, undefined, { signal: stage.gone });
}

function bytesOf(
  step: Extract<Step, { event: string } | { exception: string } | { bytes: Uint8Array }>,
  stage: Stage,
) {
  if ('bytes' in step) return Buffer.from(step.bytes);
  const { event, exception } = stage.framing ?? eventStream;
  const nth = stage.log.events;
  stage.log.events += 1;
  return 'event' in step
    ? event(step.event, step.payload, nth)
    : exception(step.exception, step.payload, nth);
}

const eventStream: Framing = {
  event: (type, payload, nth) => encodeEvent(type, payload, nth + 1),
  exception: encodeException,
};

async function send(bytes: Buffer, stage: Stage): Promise<void> {
  if (stage.packets) {
    stage.held.push(bytes);
    return;
  }
  await write(bytes, stage);
  // One event a packet: let the socket have this one before the next is made.
  await new Promise(setImmediate);
}

async function flush(stage: Stage): Promise<void> {
  if (!stage.response.headersSent) return;
  stage.response.flushHeaders();
  await release(stage);
}

async function release(stage: Stage): Promise<void> {
  const bytes = Buffer.concat(stage.held.splice(0));
  if (bytes.length === 0) return;
  for (const piece of stage.packets === 'awkward' ? awkwardPieces(bytes) : [bytes]) {
    await write(piece, stage);
    if (stage.packets === 'awkward') await sleep(1, undefined, { signal: stage.gone });
  }
}

async function write(bytes: Buffer, { response, gone }: Stage): Promise<void> {
  if (gone.aborted || response.write(bytes)) return;
  await new Promise<void>((resolve) => {
    response.once('drain', resolve);
    gone.addEventListener('abort', () => resolve(), { once: true });
  });
}

function untilGone(gone: AbortSignal): Promise<void> {
  if (gone.aborted) return Promise.resolve();
  return new Promise((resolve) => gone.addEventListener('abort', () => resolve(), { once: true }));
}
