import {
  InvokeModelCommand,
  type InvokeModelCommandInput,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import type { BedrockClients } from '../../bedrock/clients.ts';
import { type Metadata, othersThan, withMarks } from '../../canonical/request-metadata.ts';
import type { ConverseRequest, JsonObject } from '../../canonical/types.ts';
import { wellFormedJson } from '../../canonical/well-formed.ts';
import { type Answered, type Sent, sendCommand } from '../call.ts';

/** What of a Converse request travels in the headers of InvokeModel. */
export type InvokeSettings = Pick<
  ConverseRequest,
  'guardrailConfig' | 'performanceConfig' | 'serviceTier' | 'requestMetadata'
>;

/** Sends one InvokeModel; the body of the answer is not read yet. Throws GatewayError. */
export function invokeModel(
  clients: BedrockClients,
  call: Sent,
  body: JsonObject,
  settings: InvokeSettings = {},
): Promise<Answered> {
  return sendCommand(clients, new InvokeModelCommand(input(call, body, settings)), call);
}

/** The same with an answer in chunks. */
export function invokeModelWithResponseStream(
  clients: BedrockClients,
  call: Sent,
  body: JsonObject,
  settings: InvokeSettings = {},
): Promise<Answered> {
  return sendCommand(clients, new InvokeModelWithResponseStreamCommand(input(call, body, settings)), call);
}

function input({ target, payer }: Sent, body: JsonObject, settings: InvokeSettings): InvokeModelCommandInput {
  const { guardrailConfig, performanceConfig, serviceTier } = settings;
  const requestMetadata = metadataHeader(settings.requestMetadata, payer?.marks);
  const { guardrailIdentifier, guardrailVersion, trace } = guardrailConfig ?? {};
  return {
    modelId: target.id,
    body: Buffer.from(wellFormedJson(body)),
    contentType: 'application/json',
    accept: 'application/json',
    ...(guardrailConfig && { guardrailIdentifier, guardrailVersion }),
    ...(trace && { trace: traces[trace] }),
    ...(performanceConfig && { performanceConfigLatency: performanceConfig.latency }),
    ...(serviceTier && { serviceTier: serviceTier.type as InvokeModelCommandInput['serviceTier'] }),
    ...(requestMetadata !== undefined && { requestMetadata }),
  };
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html: requestMetadata */
const maxHeader = 8500;

/** With the gateway's marks, where the header has room for them. */
function metadataHeader(given: Metadata | undefined, marks: Metadata = {}): string | undefined {
  const all = headerJson(withMarks(given, marks) ?? {});
  const sent = all.length > maxHeader ? headerJson(Object.fromEntries(othersThan(marks, given))) : all;
  return sent === '{}' ? undefined : sent;
}

/** A header holds ASCII only; JSON can say everything in it. */
function headerJson(value: Metadata): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The header spells in capitals what Converse spells in small letters. */
const traces = { enabled: 'ENABLED', disabled: 'DISABLED', enabled_full: 'ENABLED_FULL' } as const;
