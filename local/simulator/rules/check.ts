import { type ConverseRequest, mergeTurns } from '../converse/request.ts';
import { BedrockError } from '../errors.ts';
import { billingLineRules } from './billing-line.ts';
import { cachingRules } from './caching.ts';
import { claudeBetaRules } from './claude-betas.ts';
import { claudeFieldRules } from './claude-fields.ts';
import { claudeReplayRules } from './claude-replay.ts';
import { claudeSamplingRules } from './claude-sampling.ts';
import { claudeThinkingRules } from './claude-thinking.ts';
import { contentRules } from './content.ts';
import { documentRules } from './document.ts';
import { fieldRules } from './fields.ts';
import { imageRules } from './image.ts';
import { mediaRules } from './media.ts';
import { reasoningRules } from './reasoning.ts';
import type { Rule, RuleContext } from './rule.ts';
import { schemaRules } from './schemas.ts';
import { searchResultRules } from './search-results.ts';
import { converseShape } from './shape/converse.ts';
import { checkShape } from './shape/shape.ts';
import { structuredOutputRules } from './structured-output.ts';
import { toolTurnRules } from './tool-turns.ts';
import { toolRules } from './tools.ts';
import { turnRules } from './turns.ts';
import { wholeTextRules } from './whole-text.ts';

const all: readonly Rule[] = [
  turnRules,
  contentRules,
  wholeTextRules,
  toolRules,
  schemaRules,
  toolTurnRules,
  cachingRules,
  mediaRules,
  imageRules,
  documentRules,
  searchResultRules,
  structuredOutputRules,
  reasoningRules,
  billingLineRules,
  claudeBetaRules,
  claudeFieldRules,
  claudeSamplingRules,
  claudeThinkingRules,
  claudeReplayRules,
  fieldRules,
].flat();

/** Everything Converse refuses, in the order in which it looks; the service's own rules come before the providers'. */
export const rules: readonly Rule[] = all.toSorted(
  (a, b) => Number(a.from === 'provider') - Number(b.from === 'provider'),
);

/** The request, once it has passed the front layer and every rule that binds its model. Throws BedrockError. */
export function checkConverse(body: unknown, context: RuleContext): ConverseRequest {
  checkShape(body ?? {}, converseShape);
  const sent = (body ?? {}) as ConverseRequest;
  const request = context.strict || !sent.messages ? sent : { ...sent, messages: mergeTurns(sent.messages) };
  checkRules(rules, request, context);
  return request;
}

const invokeRules = all.filter(({ from, onInvoke }) => from === 'provider' || onInvoke);

/** The rules that a body of InvokeModel has to keep as well, in the provider's own words. Throws BedrockError. */
export function checkInvoke(request: ConverseRequest, context: RuleContext): void {
  checkRules(invokeRules, request, context);
}

function checkRules(list: readonly Rule[], request: ConverseRequest, context: RuleContext): void {
  for (const rule of list) {
    const text = rule.binds(context.family) ? rule.breach(request, context) : undefined;
    if (text !== undefined) throw refusalOf(rule, text, context);
  }
}

/** Converse puts its own words before those of a provider; InvokeModel hands them on as they are (recorded). */
function refusalOf(
  { exception = 'ValidationException', from }: Rule,
  text: string,
  { invoke }: RuleContext,
): BedrockError {
  const wrapped = from === 'provider' && !text.startsWith(wrapper) ? `${wrapper}${text}` : text;
  const extra =
    exception === 'ModelErrorException' ? { originalStatusCode: 424, resourceName: 'simulator' } : {};
  return new BedrockError(exception, invoke ? wrapped.replace(wrapper, '') : wrapped, extra);
}

const wrapper = 'The model returned the following errors: ';
