import { invalid } from '../../errors.ts';
import { guardrailMembers, withGuardrail } from '../../invoke/guardrail.ts';
import type { Call, Reply, Step } from '../../operation.ts';
import { jsonReply } from '../../reply.ts';
import { stage } from '../../scenarios/stage.ts';
import { checkLimits } from '../limits.ts';
import { isKimi3 } from '../models.ts';
import { answerTo, seedOf, tokensOf } from '../outcome.ts';
import { checkShape, notOneOf } from '../shape/check.ts';
import { chunkFraming, done, sseReply } from '../sse.ts';
import type { ChatBody } from './body.ts';
import { chunksOf, completionOf, type Outcome } from './completion.ts';
import { readChat } from './read.ts';
import { checkRules } from './rules.ts';
import { chatShape, roleNames, shapeOfRole } from './shape.ts';
import { checkTurns } from './turns.ts';

/** POST /openai/v1/chat/completions. Throws BedrockError. */
export function chatCompletions(whole: Call): Reply {
  const { call, guard } = withGuardrail(whole);
  const body = checkedBody(call.body);
  checkRules(body, call.model);
  const request = readChat(body, call.model);
  checkLimits(request, call.model, body.max_completion_tokens ? 'max_completion_tokens' : 'max_tokens');
  return stage(call, request, (rewrite) => {
    const answer = guard(answerTo(request, call, rewrite));
    const tokens = tokensOf(request, answer, call, isKimi3(call.model));
    const guardrail = guardrailMembers(answer, call);
    const outcome: Outcome = { answer, tokens, body, call, seed: seedOf(call), guardrail };
    return body.stream ? sseReply(steps(outcome), chunkFraming) : jsonReply(completionOf(outcome));
  });
}

function checkedBody(sent: unknown): ChatBody {
  checkShape(sent, chatShape);
  const body = sent as ChatBody;
  if (body.stream_options && !body.stream)
    throw invalid(`The 'stream_options' parameter is only allowed when 'stream' is enabled.`);
  for (const [index, message] of body.messages.entries()) {
    const shape = shapeOfRole(message.role);
    if (!shape) throw notOneOf(String(message.role), roleNames);
    checkShape(message, shape, `messages[${index}]`);
  }
  checkTurns(body.messages);
  return body;
}

function* steps(outcome: Outcome): Iterable<Step> {
  for (const payload of chunksOf(outcome)) yield { event: 'chat.completion.chunk', payload };
  yield done;
}
