import { metadata } from '../aws/limits.ts';
import type { CanonicalRequest, Intent } from '../canonical/request.ts';
import { metadataKey } from '../canonical/request-metadata.ts';
import type { ConverseRequest, InferenceConfig } from '../canonical/types.ts';
import type { InnerCall } from './types.ts';

/** How the calls of a technique are told apart in AWS's logs of invocations. */
export interface Marks {
  /** `<technique>/<role>`. */
  step: string;
  requestId: string;
}

const stepKey = 'optimisation-step';
const requestKey = 'optimisation-request';
const reserved: ReadonlySet<string> = new Set([stepKey, requestKey]);

/** Steps whose work is the answer's own, so that they think as the client wants it. */
const thinking: ReadonlySet<string> = new Set(['moa/sample', 'z3/formalise', 'executecode/repair']);
/** Samples whose text is a step on the way, and no answer in the client's format. */
const unformatted: ReadonlySet<string> = new Set(['rstar/step', 'executecode/write']);
const workTokens = 4096;
const judgeTokens = 512;
const thinkingRoom = 4096;

/** The request of one inner call: what its class takes over from the client's, and the call's own. `marks` absent: a plain call. */
export function innerRequest(client: CanonicalRequest, call: InnerCall, marks?: Marks): CanonicalRequest {
  const { messages, system = client.converse.system } = call;
  const converse: ConverseRequest = {
    ...taken(client.converse, call),
    messages: [...messages],
    ...(system && system.length > 0 && { system: [...system] }),
    ...inference(client.converse.inferenceConfig ?? {}, call, marks?.step),
    ...(marks && { requestMetadata: marked(client.converse.requestMetadata, marks) }),
  };
  return { ...client, converse, intent: intentOf(client, call, marks?.step) };
}

/** All calls are made under the same terms; what shapes an answer is for the calls that may become one. */
function taken(client: ConverseRequest, call: InnerCall): Partial<ConverseRequest> {
  const {
    toolConfig,
    additionalModelRequestFields,
    additionalModelResponseFieldPaths,
    outputConfig,
    ...rest
  } = client;
  const { messages: _, system: __, inferenceConfig: ___, ...terms } = rest;
  if (call.class === 'judge' || call.class === 'work') return terms;
  return {
    ...terms,
    ...(additionalModelRequestFields && { additionalModelRequestFields }),
    ...(additionalModelResponseFieldPaths && { additionalModelResponseFieldPaths }),
    ...(outputConfig && { outputConfig }),
    ...(call.tools && toolConfig && { toolConfig }),
  };
}

function inference(
  client: InferenceConfig,
  { class: kind, temperature, maxTokens }: InnerCall,
  step: string | undefined,
): { inferenceConfig?: InferenceConfig } {
  const config: InferenceConfig =
    kind === 'judge' || kind === 'work'
      ? { maxTokens: maxTokens ?? (kind === 'judge' ? judgeTokens : workTokens) }
      : { ...client };
  const isOwn = kind !== 'answer' || client.temperature === undefined;
  if (isOwn && temperature !== undefined) config.temperature = temperature;
  else if (kind !== 'answer') delete config.temperature;
  if (step !== undefined && unformatted.has(step)) delete config.stopSequences;
  return Object.keys(config).length > 0 ? { inferenceConfig: config } : {};
}

function intentOf({ intent, converse }: CanonicalRequest, call: InnerCall, step = ''): Intent {
  const { anthropicBeta, plainInstructions, cacheMode, enforcedGuardrail } = intent;
  const terms: Intent = {
    ...(anthropicBeta && { anthropicBeta }),
    ...(plainInstructions && { plainInstructions }),
    ...(cacheMode && { cacheMode }),
    ...(enforcedGuardrail && { enforcedGuardrail }),
  };
  if (call.class === 'judge' || call.class === 'work') {
    const reasoning = thinking.has(step) ? intent.reasoning : ({ effort: 'none' } as const);
    return { ...terms, temperatureIsHint: true, thinkingRoom, ...(reasoning && { reasoning }) };
  }
  const { toolChoiceNone, parallelToolCalls, webSearch, outputFormat, ...shape } = intent;
  const isHint =
    call.temperature !== undefined &&
    (call.class === 'sample' || converse.inferenceConfig?.temperature === undefined);
  return {
    ...shape,
    ...(call.tools && {
      ...(toolChoiceNone && { toolChoiceNone }),
      ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    }),
    ...(webSearch && { webSearch }),
    ...(outputFormat && !unformatted.has(step) && { outputFormat }),
    ...(isHint && { temperatureIsHint: true }),
  };
}

/** The marks have their place first: a client's entries of their names, however they are written, are left out. */
function marked(client: Record<string, string> = {}, { step, requestId }: Marks): Record<string, string> {
  const own = Object.entries(client).filter(([name]) => !reserved.has(metadataKey(name)));
  // More than Bedrock takes is the client's mistake, and is refused as such.
  const isTooMany = Object.keys(client).length > metadata.entries;
  const kept = isTooMany ? own : own.slice(0, metadata.entries - reserved.size);
  return { [stepKey]: step, [requestKey]: requestId, ...Object.fromEntries(kept) };
}
