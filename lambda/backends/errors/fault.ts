import { isObject, members, parseJson } from '../../canonical/json.ts';
import { exceptionName } from './exception-name.ts';
import type { FrameFailure } from './failed-frame.ts';

/** What Bedrock said went wrong, whichever way it said it: HTTP status, exception frame or a 200 with an error in it. */
export interface Fault {
  /** The exception's name, e.g. `ThrottlingException`. */
  name: string;
  /** Bedrock's text, without its wrapping. */
  message: string;
  /** HTTP status; none for an exception inside a stream. */
  status?: number;
  requestId?: string;
  /** Milliseconds Bedrock asked to wait. */
  retryAfterMs?: number;
  /** The status and the text of the model behind Bedrock (ModelErrorException, ModelStreamErrorException). */
  originalStatus?: number;
  originalMessage?: string;
  /** What OpenAI's APIs say is at fault, as a path into the body that was sent. */
  param?: string;
}

/** The members of the SDK's exceptions that are read here. */
interface SdkError extends Error {
  $metadata?: { httpStatusCode?: number; requestId?: string };
  $response?: { headers?: Record<string, string> };
  originalStatusCode?: number;
  originalMessage?: string;
  param?: unknown;
}

/** The fault in an error thrown by the SDK; undefined where the error did not come from Bedrock. */
export function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const sdk = error as SdkError;
  const status = sdk.$metadata?.httpStatusCode;
  if (status === undefined) return undefined;
  return {
    name: exceptionName(sdk.name),
    message: plainMessage(sdk.message),
    status,
    requestId: sdk.$metadata?.requestId,
    retryAfterMs: retryAfter(sdk.$response?.headers),
    originalStatus: sdk.originalStatusCode,
    originalMessage: sdk.originalMessage && plainMessage(sdk.originalMessage),
    ...(typeof sdk.param === 'string' && { param: sdk.param }),
  };
}

/** The fault in an exception frame, whose names begin in lower case, or in an error frame. */
export function faultOfFrame({ type, payload, message, requestId, param }: FrameFailure): Fault {
  const name = exceptionName(type);
  if (payload === undefined)
    return { name, message: message ?? '', requestId, ...(param !== undefined && { param }) };
  const body = members(parseJson(payload)?.value);
  return {
    name,
    message: plainMessage(words(body.message ?? body.Message) ?? payload),
    requestId,
    originalStatus: typeof body.originalStatusCode === 'number' ? body.originalStatusCode : undefined,
    originalMessage: plainMessage(words(body.originalMessage) ?? '') || undefined,
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids */
const keyId = /\b(?:AKIA|ASIA)[A-Z0-9]{12,124}\b/g;

/** Models behind Bedrock answer with a text of their own after this prefix. */
const prefix = /^(?:The model returned the following errors?:\s*)+/i;

/** The text without Bedrock's prefix, and the message out of the JSON that open-weight models put there. */
export function plainMessage(message: string): string {
  const plain = message.replace(prefix, '').replace(keyId, '(access key id)').trim();
  if (!plain.startsWith('{')) return plain;
  const body = members(parseJson(plain)?.value);
  const error = body.error;
  const inner = isObject(error) ? error.message : error;
  return words(inner) ?? words(body.message) ?? words(body.detail) ?? plain;
}

/** `retry-after` is seconds or a date (RFC 9110 §10.2.3). */
function retryAfter(headers: Record<string, string> | undefined): number | undefined {
  const value = headers?.['retry-after'];
  if (!value) return undefined;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return ms >= 0 ? Math.round(ms) : undefined;
}

function words(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
