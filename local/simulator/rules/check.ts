import { type ConverseRequest, mergeTurns } from '../converse/request.ts';
import { BedrockError } from '../errors.ts';
import { cachingRules } from './caching.ts';
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
import { converseShape } from './shape/converse.ts';
import { checkShape } from './shape/shape.ts';
import { structuredOutputRules } from './structured-output.ts';
import { toolTurnRules } from './tool-turns.ts';
import { toolRules } from './tools.ts';
import { turnRules } from './turns.ts';
import { wholeTextRules } from './whole-text.ts';

/** Everything Converse refuses, in the order in which it looks; the service's own rules come before the providers'. */
export const rules: readonly Rule[] = [
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
  structuredOutputRules,
  reasoningRules,
  claudeSamplingRules,
  claudeThinkingRules,
  claudeReplayRules,
  fieldRules,
]
  .flat()
  .sort((a, b) => Number(a.from === 'provider') - Number(b.from === 'provider'));

/** The request, once it has passed the front layer and every rule that binds its model. Throws BedrockError. */
export function checkConverse(body: unknown, context: RuleContext): ConverseRequest {
  checkShape(body ?? {}, converseShape);
  const sent = (body ?? {}) as ConverseRequest;
  const request = context.strict || !sent.messages ? sent : { ...sent, messages: mergeTurns(sent.messages) };
  for (const rule of rules) {
    const text = rule.binds(context.family) ? rule.breach(request, context) : undefined;
    if (text !== undefined) throw refusalOf(rule, text);
  }
  return request;
}

function refusalOf({ exception = 'ValidationException', from }: Rule, text: string): BedrockError {
  const prefix = from === 'provider' && !text.startsWith(wrapper) ? wrapper : '';
  const extra =
    exception === 'ModelErrorException' ? { originalStatusCode: 424, resourceName: 'simulator' } : {};
  return new BedrockError(exception, `${prefix}${text}`, extra);
}

const wrapper = 'The model returned the following errors: ';
