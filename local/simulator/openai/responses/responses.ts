import type { Call, Reply } from '../../operation.ts';
import { jsonReply } from '../../reply.ts';
import { stage } from '../../scenarios/stage.ts';
import { checkLimits } from '../limits.ts';
import { answerTo, seedOf, tokensOf } from '../outcome.ts';
import { checkShape } from '../shape/check.ts';
import { eventFraming, sseReply } from '../sse.ts';
import type { Item, ResponseBody } from './body.ts';
import { eventsOf } from './events.ts';
import { historyOf } from './history.ts';
import { outputOf } from './output.ts';
import { readResponses } from './read.ts';
import { type Outcome, type Resource, resourceOf, statusOf } from './resource.ts';
import { checkRules } from './rules.ts';
import { responseShape } from './shape.ts';
import { keptMs } from './store.ts';
import { checkToolKinds } from './tool-shapes.ts';
import { callablesIn } from './tools.ts';

/** POST /openai/v1/responses. Headers that ask for a guardrail are passed over (live). Throws BedrockError. */
export function createResponse(call: Call): Reply {
  const { model, world } = call;
  checkToolKinds((call.body as { tools?: unknown } | undefined)?.tools);
  checkShape(call.body, responseShape);
  const body = call.body as ResponseBody;
  const items = historyOf(body, call);
  checkRules(body, items, model);
  const callables = callablesIn(body, items);
  const request = readResponses(body, items, callables, model);
  checkLimits(request, model, 'max_output_tokens');
  return stage(call, request, (rewrite) => {
    const answer = answerTo(request, call, rewrite);
    const tokens = tokensOf(request, answer, call, true);
    const created = Math.floor(world.now() / 1000);
    const outcome: Outcome = {
      answer,
      status: statusOf(answer),
      tokens,
      body,
      callables,
      call,
      seed: seedOf(call),
      created,
    };
    const output = outputOf(outcome);
    const resource = resourceOf(outcome, output);
    if (body.store !== false) store(resource, [...items, ...output], call);
    return body.stream ? sseReply(eventsOf(outcome, output, resource), eventFraming) : jsonReply(resource);
  });
}

function store(resource: Resource, items: Item[], { region, world }: Call): void {
  world.responses.add({ resource, items, region, expires: world.now() + keptMs });
}
