import type { MantleClient } from '../../bedrock/mantle-client.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { wellFormedJson } from '../../canonical/well-formed.ts';
import { GatewayError } from '../../errors.ts';
import type { BackendCall } from '../backend.ts';
import { type Answered, credentialsFor, failureOf } from '../call.ts';

/** Sends one body; throws GatewayError. */
export type Send = (call: BackendCall, path: string, body: JsonObject, stream: boolean) => Promise<Answered>;

/** Milliseconds that a region is left alone: one without a host for longer than one whose role lacks the permission. */
const absentMs = 300_000;
const deniedMs = 60_000;

/** Regions that are remembered at most: callers may name some that do not exist. */
const maxRegions = 100;

interface Closed {
  error: GatewayError;
  /** Epoch milliseconds. */
  until: number;
}

/**
 * Sends, and remembers where nothing is to be had: fourteen regions have the host, elsewhere its name does not resolve,
 * and a role may lack its permission. One refusal is enough for all requests of the time that follows.
 */
export function createSend(client: MantleClient, now: () => number): Send {
  /** By region. */
  const closed = new Map<string, Closed>();
  const close = (region: string, error: GatewayError, ms: number) => {
    if (closed.size >= maxRegions) closed.clear();
    closed.set(region, { error, until: now() + ms });
  };
  return async (call, path, body, stream) => {
    const { target, signal } = call;
    const known = closed.get(target.region);
    if (known && now() < known.until) throw known.error;
    const startedAt = now();
    try {
      const sent = await client.send({
        region: target.region,
        credentials: await credentialsFor(client, call, {}),
        path,
        body: Buffer.from(wellFormedJson({ ...body, model: target.id, stream })),
        accept: stream ? 'text/event-stream' : 'application/json',
        signal,
      });
      return { ...sent, requestId: sent.headers['x-amzn-requestid'] };
    } catch (thrown) {
      const error = isAbsent(thrown)
        ? noHost(target.region)
        : await failureOf(thrown, call, now() - startedAt);
      // What another account, or a role of one key's own, is refused is not known of ours.
      const isDenied = error.reason === 'access_denied' && !call.credentials && !call.payer?.billing?.role;
      if (isAbsent(thrown)) close(target.region, error, absentMs);
      else if (isDenied) close(target.region, error, deniedMs);
      throw error;
    }
  };
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOTFOUND';

/** Worth trying in another region, and not again in this one. */
const noHost = (region: string) =>
  new GatewayError({
    status: 502,
    reason: 'connection',
    code: 'bad_gateway',
    ofModel: true,
    message: `The region ${region} has no bedrock-mantle endpoint, which alone serves this model. The gateway’s operator has to name a region that has one in GATEWAY_REGIONS.`,
  });
