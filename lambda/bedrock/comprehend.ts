import { setTimeout as wait } from 'node:timers/promises';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { HttpRequest } from '@smithy/core/transport';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { Service } from './endpoint.ts';
import { exceptionOf, textOf } from './exception.ts';
import { keptConnections } from './kept-connections.ts';
import { type SignedCall, signedCall } from './signed-call.ts';

/** What Comprehend finds in a text: offsets in Unicode characters, from 0, the end not included. */
export interface PiiEntity {
  Type: string;
  BeginOffset: number;
  EndOffset: number;
  /** How sure it is, 0 to 1. */
  Score: number;
}

/**
 * At most 100 KB of text in UTF-8. Rejects with AWS's exception, by its name. `credentials`: of a caller who brought some;
 * the gateway's own without.
 */
export type DetectPii = (
  text: string,
  signal: AbortSignal,
  credentials?: AwsCredentialIdentity,
) => Promise<PiiEntity[]>;

export interface PiiDetectorOptions {
  region: string;
  language: 'en' | 'es';
}

const service: Service = { host: 'comprehend', variable: 'COMPREHEND', signedFor: 'comprehend' };
const requestTimeout = 10_000;
const attempts = 3;
/** Milliseconds before the second attempt; twice as long before the third. */
const pauseMs = 200;
/** Exceptions by their names, and how a connection breaks that was frozen with its Lambda environment. */
const again: ReadonlySet<unknown> = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'InternalServerException',
  'ECONNRESET',
  'EPIPE',
]);

/**
 * Amazon Comprehend's DetectPiiEntities (AWS JSON 1.1), the one operation that is called, with the gateway's own signer: a
 * client of the SDK for it would be larger than all that asks it.
 * https://docs.aws.amazon.com/comprehend/latest/APIReference/API_DetectPiiEntities.html
 */
export function createPiiDetector({ region, language }: PiiDetectorOptions): DetectPii {
  // One set of sockets for all requests, whoever calls.
  const requestHandler = keptConnections(
    new NodeHttpHandler({ connectionTimeout: 3000, requestTimeout, throwOnRequestTimeout: true }),
  );
  const callAs = (credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider) =>
    signedCall(service, { region, requestHandler, credentials });
  const own = callAs(defaultProvider());
  const once = async (call: SignedCall, text: string, signal: AbortSignal): Promise<PiiEntity[]> => {
    const { path, ...endpoint } = await call.endpoint();
    const request = new HttpRequest({
      ...endpoint,
      method: 'POST',
      path: `${path}/`,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Comprehend_20171127.DetectPiiEntities',
      },
      body: Buffer.from(JSON.stringify({ Text: text, LanguageCode: language })),
    });
    const { statusCode, headers, body } = await call.send(request, { abortSignal: signal });
    const answer = await textOf(body);
    if (statusCode >= 300) throw exceptionOf(headers, answer, statusCode);
    return (JSON.parse(answer) as { Entities?: PiiEntity[] }).Entities ?? [];
  };
  return async (text, signal, credentials) => {
    const call = credentials ? callAs(credentials) : own;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(call, text, signal);
      } catch (error) {
        if (!isPassing(error) || attempt === attempts || signal.aborted) throw error;
        await wait(pauseMs * attempt, undefined, { signal });
      }
    }
  };
}

const isPassing = (error: unknown): boolean =>
  error instanceof Error && (again.has(error.name) || ('code' in error && again.has(error.code)));
