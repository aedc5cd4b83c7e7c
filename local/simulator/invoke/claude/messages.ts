import { compose } from '../../answer/compose.ts';
import { limited } from '../../answer/limit.ts';
import { countUsage, writtenTokens } from '../../converse/usage.ts';
import type { Call, Reply } from '../../operation.ts';
import { jsonReply, streamReply } from '../../reply.ts';
import { stage } from '../../scenarios/stage.ts';
import { guardrailMembers, withGuardrail } from '../guardrail.ts';
import { echoedHeaders } from '../headers.ts';
import { eventsOf, latencyOf } from './events.ts';
import { messageOf, type Outcome } from './message.ts';
import { checkMessages } from './validate.ts';

/** Whether a call of InvokeModel is one of Anthropic's Messages API. Claude 2 has completions of texts besides. */
export const speaksMessages = ({ model, body }: Call): boolean =>
  model.family.provider === 'anthropic' && !(isText(model.id) && 'prompt' in Object(body));

const isText = (id: string): boolean => /^anthropic\.claude-(?:v2|instant)/.test(id);

/** InvokeModel and InvokeModelWithResponseStream of Claude. */
export function answerMessages(whole: Call, streams: boolean): Reply {
  const { call, guard } = withGuardrail(whole);
  const { body, request } = checkMessages(call.body, call.model, { streams, counting: false });
  return stage(call, request, (rewrite) => {
    const composed = rewrite(compose(request, call.model));
    const answer = guard(limited(composed, body.stop_sequences, body.max_tokens));
    const counted = countUsage(request, answer, call);
    const outcome: Outcome = { answer, counted, body, call, guardrail: guardrailMembers(answer, call) };
    return streams ? streamed(outcome) : told(outcome);
  });
}

const streamed = (outcome: Outcome): Reply =>
  streamReply(eventsOf(outcome), {
    'x-amzn-bedrock-content-type': 'application/json',
    ...echoedHeaders(outcome.call),
  });

function told(outcome: Outcome): Reply {
  const { counted, guardrail, call } = outcome;
  const { input, output, read } = counted;
  return jsonReply(
    { ...messageOf(outcome), ...guardrail },
    {
      'x-amzn-bedrock-invocation-latency': String(latencyOf(outcome)),
      'x-amzn-bedrock-input-token-count': String(input),
      'x-amzn-bedrock-output-token-count': String(output),
      ...(call.model.family.caching && {
        'x-amzn-bedrock-cache-read-input-token-count': String(read),
        'x-amzn-bedrock-cache-write-input-token-count': String(writtenTokens(counted)),
      }),
      ...echoedHeaders(call),
    },
  );
}
