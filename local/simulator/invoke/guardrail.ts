import type { Answer } from '../answer/answer.ts';
import { invalid } from '../errors.ts';
import { assessedInBody, guardrailMember } from '../guardrail/assessed.ts';
import { guarded } from '../guardrail/guardrail.ts';
import { findGuardrail } from '../models/guardrails.ts';
import type { Call } from '../operation.ts';
import { type BodySchema, checkBody } from './body-schema.ts';

/** A call without what its body tells the guardrail, and what the guardrail does to an answer. */
export interface GuardedCall {
  call: Call;
  guard(answer: Answer): Answer;
}

/**
 * On InvokeModel a guardrail is asked for in headers, and told how to look at the texts in the body. The model does
 * not see that. Throws BedrockError for one that does not exist, and for half a request of one (AWS, InvokeModel).
 */
export function withGuardrail(whole: Call): GuardedCall {
  const { headers, region, world } = whole;
  const { body, settings } = splitBody(whole.body);
  const call = { ...whole, body };
  const identifier = headers['x-amzn-bedrock-guardrailidentifier'];
  const version = headers['x-amzn-bedrock-guardrailversion'];
  if (typeof identifier !== 'string' && typeof version !== 'string') {
    if (settings) throw invalid(`The ${guardrailMember} field needs a guardrail identifier. ${advice}`);
    return { call, guard: (answer) => answer };
  }
  if (typeof identifier !== 'string' || typeof version !== 'string')
    throw invalid(`A guardrail needs both guardrailIdentifier and guardrailVersion. ${advice}`);
  const { id } = findGuardrail(identifier, version, region, world);
  const assessed = assessedInBody(body, settings?.tagSuffix);
  return { call, guard: (answer) => guarded(answer, id, assessed) };
}

const advice = 'Provide both and try again.';

function splitBody(body: unknown): { body: unknown; settings?: { tagSuffix?: string } } {
  if (typeof body !== 'object' || body === null || !(guardrailMember in body)) return { body };
  const { [guardrailMember]: settings, ...rest } = body;
  checkBody(settings, settingsSchema);
  return { body: rest, settings: settings as { tagSuffix?: string } };
}

const settingsSchema: BodySchema = {
  type: 'JSONObject',
  members: {
    tagSuffix: { type: 'String', minLength: 1, maxLength: 20 },
    streamProcessingMode: { type: 'String', enum: ['SYNCHRONOUS', 'ASYNCHRONOUS'] },
  },
};

/** And speaks beside the model, which keeps its own stop reason (recorded). */
export function guardrailMembers({ guardrailTrace, stopReason, blocked }: Answer, { headers }: Call): object {
  if (!guardrailTrace) return {};
  const trace = headers['x-amzn-bedrock-trace'];
  return {
    ...(typeof trace === 'string' &&
      trace !== 'DISABLED' && { 'amazon-bedrock-trace': { guardrail: traceOf(guardrailTrace, blocked) } }),
    'amazon-bedrock-guardrailAction': stopReason === 'guardrail_intervened' ? 'INTERVENED' : 'NONE',
  };
}

interface Trace {
  inputAssessment?: Record<string, object>;
  outputAssessments?: Record<string, object[]>;
}

/** The assessments of Converse under InvokeModel's names (recorded). */
function traceOf({ inputAssessment, outputAssessments }: Trace, blocked = false): object {
  const outputs = Object.entries(outputAssessments ?? {}).flatMap(([id, list]) =>
    list.map((assessment) => ({ [id]: assessment })),
  );
  return {
    ...(blocked && { actionReason: 'Guardrail blocked.' }),
    input: inputAssessment,
    ...(outputs.length > 0 && { outputs }),
  };
}
