import type { Answer } from '../answer/answer.ts';
import { compose } from '../answer/compose.ts';
import { limited } from '../answer/limit.ts';
import { invalid } from '../errors.ts';
import { assessedTexts } from '../guardrail/assessed.ts';
import { guarded } from '../guardrail/guardrail.ts';
import { findGuardrail } from '../models/guardrails.ts';
import type { Call, Reply } from '../operation.ts';
import { checkConverse } from '../rules/check.ts';
import { stage } from '../scenarios/stage.ts';
import type { ConverseRequest } from './request.ts';
import { type Usage, usageOf } from './usage.ts';

/** All that an answer's body or stream is made of. */
export interface Outcome {
  answer: Answer;
  usage: Usage;
  latencyMs: number;
  trace?: Record<string, unknown>;
  performanceConfig?: object;
  serviceTier?: object;
}

/** Checks a call of Converse or ConverseStream, plays its scenarios, and has `tell` put the outcome on the wire. */
export function answerConverse(
  call: Call,
  streams: boolean,
  tell: (outcome: Outcome, request: ConverseRequest) => Reply,
): Reply {
  const { model, world } = call;
  if (!model.family.converse || model.imported?.instructSupported === false) {
    throw invalid(
      `This action doesn't support the model that you provided. Try again with a supported text or chat model.`,
    );
  }
  const request = checkConverse(call.body, { model, family: model.family, streams, strict: world.strict });
  return stage(call, request, (rewrite) => tell(outcomeOf(request, call, rewrite), request));
}

function outcomeOf(request: ConverseRequest, call: Call, rewrite: (answer: Answer) => Answer): Outcome {
  const { stopSequences, maxTokens } = request.inferenceConfig ?? {};
  const said = limited(rewrite(compose(request, call.model)), stopSequences, maxTokens);
  const answer = throughGuardrail(said, request, call);
  const usage = usageOf(request, answer, call);
  const { performanceConfig, serviceTier } = request;
  return {
    answer,
    usage,
    latencyMs: 50 + 4 * usage.outputTokens,
    ...traceOf(request, answer, call),
    ...(performanceConfig && { performanceConfig }),
    ...(serviceTier && { serviceTier }),
  };
}

function throughGuardrail(answer: Answer, request: ConverseRequest, { region, world }: Call): Answer {
  if (!request.guardrailConfig) return answer;
  const { guardrailIdentifier, guardrailVersion } = request.guardrailConfig;
  const { id } = findGuardrail(guardrailIdentifier, guardrailVersion, region, world);
  return guarded(answer, id, assessedTexts(request));
}

function traceOf({ guardrailConfig }: ConverseRequest, { guardrailTrace }: Answer, { model }: Call) {
  const wanted = guardrailConfig?.trace === 'enabled' || guardrailConfig?.trace === 'enabled_full';
  const trace = {
    ...(wanted && guardrailTrace && { guardrail: guardrailTrace }),
    ...(model.kind === 'router' && { promptRouter: { invokedModelId: model.id } }),
  };
  return Object.keys(trace).length > 0 ? { trace } : {};
}
