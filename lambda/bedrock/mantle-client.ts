import type { IncomingMessage } from 'node:http';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { HttpRequest } from '@smithy/core/transport';
import { isRegion } from '../aws/regions.ts';
import type { CallerCredentials } from '../backends/backend.ts';
import { badRequest } from '../errors.ts';
import type { BedrockClients } from './clients.ts';
import { endpointOf, type Service } from './endpoint.ts';
import { exceptionOf, textOf } from './exception.ts';
import { type SignedCall, signedCall } from './signed-call.ts';

/** Bedrock's other endpoint, whose hosts and permissions are its own. */
const mantle: Service = {
  host: 'bedrock-mantle',
  variable: 'BEDROCK_MANTLE',
  signedFor: 'bedrock-mantle',
  takesApiKeys: true,
};

export interface MantleRequest {
  region: string;
  /** Of the caller's own; absent: the gateway's. */
  credentials?: CallerCredentials | undefined;
  /** Without a slash at its beginning; never of a client's making. */
  path: string;
  body: Buffer;
  accept: string;
  signal: AbortSignal;
}

/** What was answered with a 2xx: the body is not read yet. */
export interface MantleReply {
  body: IncomingMessage;
  /** In lower case. */
  headers: Record<string, string>;
}

export interface MantleClient extends Pick<BedrockClients, 'assume'> {
  /** Throws as the SDK's clients throw, and GatewayError (400) for what is not a region's name. */
  send(request: MantleRequest): Promise<MantleReply>;
}

/** More than AWS has; callers may name regions that do not exist. */
const maxRegions = 100;

/** Where it is called; it has one host a region (https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html). */
function endpointIn(region: string): string {
  const { AWS_ENDPOINT_URL_BEDROCK_MANTLE: own, AWS_ENDPOINT_URL: any } = process.env;
  return own || any ? endpointOf(mantle, region).href : `https://${mantle.host}.${region}.api.aws`;
}

/** Signs with the gateway's own signer, since no client of the SDK's knows this endpoint, and sends over the sockets of the runtime's clients. */
export function createMantleClient({
  handler,
  assume,
}: Pick<BedrockClients, 'handler' | 'assume'>): MantleClient {
  const chain = defaultProvider();
  /** Of the gateway's own credentials, by region. */
  const own = new Map<string, SignedCall>();
  function callIn(region: string, credentials: CallerCredentials | undefined): SignedCall {
    // A region becomes part of a host name, and callers may name one.
    if (!isRegion(region)) throw badRequest(`\`${region}\` is not an AWS region such as us-east-1.`);
    const known = credentials ? undefined : own.get(region);
    if (known) return known;
    const settings = { region, requestHandler: handler, endpoint: endpointIn(region), chain };
    const call = signedCall(mantle, { ...settings, ...(credentials && { credentials }) });
    if (!credentials && own.size < maxRegions) own.set(region, call);
    return call;
  }
  return {
    assume,
    async send({ region, credentials, path, body, accept, signal }) {
      const call = callIn(region, credentials);
      const { protocol, hostname, port, path: base } = await call.endpoint();
      const request = new HttpRequest({
        method: 'POST',
        protocol,
        hostname,
        ...(port !== undefined && { port }),
        path: `${base}/${path}`,
        headers: { 'content-type': 'application/json', accept, 'accept-encoding': 'identity' },
        body,
      });
      const { statusCode, headers, body: answer } = await call.send(request, { abortSignal: signal });
      if (statusCode < 300) return { body: answer as IncomingMessage, headers };
      const $metadata = { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] };
      throw Object.assign(exceptionOf(headers, await textOf(answer), statusCode), { $metadata });
    },
  };
}
