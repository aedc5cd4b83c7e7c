import type { IncomingMessage } from 'node:http';
import { HttpRequest, type HttpResponse } from '@smithy/core/transport';
import { wellFormedJson } from '../canonical/well-formed.ts';
import { exceptionOf, textOf } from './exception.ts';

/**
 * The protocol that the SDK's client is given (REST JSON 1): the SDK keeps credentials, signing and endpoints,
 * and the bodies are ours. It knows the six operations that the gateway calls.
 *
 * - Converse, ConverseStream, CountTokens and ApplyGuardrail: the request is the JSON of the wire, bytes already in base64, so it
 *   is written as it is instead of being walked along a schema.
 * - Every 2xx: the body is handed over unread. The SDK would take a stream through five nested iterators
 *   (a third of the CPU of a streamed event) and a Converse answer along its schema.
 * - Every other status is thrown as the SDK throws its exceptions.
 *
 * OpenAI's APIs on the same host have no operation in the SDK, and the same permissions as InvokeModel: they are calls
 * of that with a path of their own. So is InvokeGuardrailChecks, which no chat needs.
 */
export class WireProtocol {
  async serializeRequest({ name }: Operation, input: Input, { endpoint }: SerializeContext) {
    const pathOf = paths[name];
    if (!pathOf) throw new Error(`no such operation: ${name}`);
    const { protocol, hostname, port, path: base } = await endpoint();
    return new HttpRequest({
      method: 'POST',
      protocol,
      hostname,
      ...(port !== undefined && { port }),
      path: `${base.replace(/\/$/, '')}/${input.ownPath ?? pathOf(input)}`,
      headers: name === 'ApplyGuardrail' ? { ...jsonHeaders } : headersOf(input),
      body: input.wireBody === undefined ? input.body : wireBytes(input.wireBody),
    });
  }

  async deserializeResponse(
    _operation: unknown,
    _context: unknown,
    { statusCode, headers, body }: HttpResponse,
  ) {
    const $metadata = { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] };
    if (statusCode < 300) return { body: body as IncomingMessage, headers, $metadata };
    throw Object.assign(exceptionOf(headers, await textOf(body), statusCode), {
      $metadata,
      $fault: statusCode < 500 ? 'client' : 'server',
    });
  }

  getShapeId() {
    return 'aws.protocols#restJson1';
  }

  /** What the SDK hands its own protocols: ours has no codec to hand it on to. */
  setSerdeContext() {}
}

/** What a command is made with instead of its schema's input: `wireBody` becomes the body. */
export interface WireInput {
  modelId: string;
  wireBody?: WireBody;
  /** In place of the operation's path, without a slash at its beginning; never of a client's making. */
  ownPath?: OwnPath;
}

export type OwnPath = 'openai/v1/responses' | 'openai/v1/chat/completions' | 'guardrail-checks/invoke';

/** The same for ApplyGuardrail, whose guardrail stands in the path. */
export interface GuardrailWireInput {
  guardrailIdentifier: string;
  guardrailVersion: string;
  wireBody: object;
}

interface WireBody {
  messages?: readonly unknown[];
  /** Of CountTokens: what is to be counted. */
  input?: object;
  /** Of InvokeGuardrailChecks: what to look for. */
  checks?: object;
}

interface Operation {
  name: string;
}
type Input = Partial<WireInput> & { body?: Uint8Array } & Partial<Record<keyof typeof headerNames, string>>;
interface SerializeContext {
  endpoint(): Promise<{ protocol: string; hostname: string; port?: number; path: string }>;
}

const ofModel =
  (word: string) =>
  ({ modelId = '' }: Input) =>
    `model/${encodeSegment(modelId)}/${word}`;

const paths: Readonly<Record<string, (input: Input) => string>> = {
  Converse: ofModel('converse'),
  ConverseStream: ofModel('converse-stream'),
  InvokeModel: ofModel('invoke'),
  InvokeModelWithResponseStream: ofModel('invoke-with-response-stream'),
  CountTokens: ofModel('count-tokens'),
  ApplyGuardrail: ({ guardrailIdentifier = '', guardrailVersion = '' }) =>
    `guardrail/${encodeSegment(guardrailIdentifier)}/version/${encodeSegment(guardrailVersion)}/apply`,
};

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html */
const headerNames = {
  contentType: 'content-type',
  accept: 'accept',
  trace: 'x-amzn-bedrock-trace',
  guardrailIdentifier: 'x-amzn-bedrock-guardrailidentifier',
  guardrailVersion: 'x-amzn-bedrock-guardrailversion',
  performanceConfigLatency: 'x-amzn-bedrock-performanceconfig-latency',
  serviceTier: 'x-amzn-bedrock-service-tier',
  requestMetadata: 'x-amzn-bedrock-request-metadata',
  projectIdentifier: 'x-amzn-bedrock-projectidentifier',
} as const;

const jsonHeaders = { 'content-type': 'application/json' };

function headersOf(input: Input): Record<string, string> {
  const headers: Record<string, string> = { ...jsonHeaders };
  for (const [member, name] of Object.entries(headerNames)) {
    const value = input[member as keyof typeof headerNames];
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}

/**
 * Bytes, because a string would be encoded three times: to count, to sign and to send it. Message by message,
 * because one character beyond Latin-1 makes a string of two bytes each, which takes four times as long to
 * write and to encode: here the message that has it, and not the whole conversation.
 */
export function wireBytes({ messages, ...rest }: WireBody): Buffer {
  const others = wellFormedJson(rest);
  if (messages === undefined) return Buffer.from(others);
  const texts = messages.map((message) => wellFormedJson(message));
  return listBytes('{"messages":[', texts, others === '{}' ? ']}' : `],${others.slice(1)}`);
}

/**
 * All texts with commas between them into one buffer, which takes half as long as a buffer for each. It has the
 * three bytes that a UTF-16 unit may need, because counting takes as long as encoding; memory that nothing is
 * written to stays with the system.
 */
function listBytes(head: string, texts: readonly string[], tail: string): Buffer {
  const units = texts.reduce((sum, text) => sum + text.length + 1, head.length + tail.length);
  const bytes = Buffer.allocUnsafe(3 * units);
  let end = bytes.write(head);
  for (const text of texts) {
    end += bytes.write(text, end);
    bytes[end] = comma;
    end += 1;
  }
  if (texts.length > 0) end -= 1;
  end += bytes.write(tail, end);
  return bytes.subarray(0, end);
}
const comma = 0x2c;

/** RFC 3986, as AWS signs it. Half of a surrogate pair has no encoding, and no model has one in its id. */
function encodeSegment(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
