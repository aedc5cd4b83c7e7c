import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { HttpRequest } from '@smithy/core/transport';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity } from '@smithy/types';
import type { Service } from './endpoint.ts';
import { exceptionOf, textOf } from './exception.ts';
import { signedCall } from './signed-call.ts';

/** What Comprehend finds in a text: offsets in Unicode characters, from 0, the end not included. */
export interface PiiEntity {
  Type: string;
  BeginOffset: number;
  EndOffset: number;
  /** How sure it is, 0 to 1. */
  Score: number;
}

/** At most 100 KB of text in UTF-8. Rejects with AWS's exception, by its name. */
export type DetectPii = (text: string, signal: AbortSignal) => Promise<PiiEntity[]>;

export interface PiiDetectorOptions {
  region: string;
  language: 'en' | 'es';
  /** Of a caller who brought credentials; the gateway's own without. */
  credentials?: AwsCredentialIdentity | undefined;
}

const service: Service = { host: 'comprehend', variable: 'COMPREHEND', signedFor: 'comprehend' };
const requestTimeout = 10_000;
const attempts = 3;
const again: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'InternalServerException',
]);

/**
 * Amazon Comprehend's DetectPiiEntities (AWS JSON 1.1), the one operation that is called, with the gateway's own signer: a
 * client of the SDK for it would be larger than all that asks it.
 * https://docs.aws.amazon.com/comprehend/latest/APIReference/API_DetectPiiEntities.html
 */
export function createPiiDetector({ region, language, credentials }: PiiDetectorOptions): DetectPii {
  const requestHandler = new NodeHttpHandler({
    connectionTimeout: 3000,
    requestTimeout,
    throwOnRequestTimeout: true,
  });
  const call = signedCall(service, { region, requestHandler, credentials: credentials ?? defaultProvider() });
  const once = async (text: string, signal: AbortSignal): Promise<PiiEntity[]> => {
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
  return async (text, signal) => {
    for (let left = attempts - 1; ; left -= 1) {
      try {
        return await once(text, signal);
      } catch (error) {
        const isPassing = error instanceof Error && again.has(error.name);
        if (!isPassing || left === 0 || signal.aborted) throw error;
      }
    }
  };
}
