import type { Answer } from '../answer/answer.ts';
import { type ConverseRequest, lastUserText } from '../converse/request.ts';
import { BedrockError } from '../errors.ts';
import { type Call, type Reply, streams } from '../operation.ts';
import { directivesIn } from './directives.ts';
import type { Cue, Scenario } from './scenario.ts';
import { scenarios } from './table.ts';

/**
 * Runs an operation under the scenarios that its prompt and its model ask for. `request`: what was asked, as Converse
 * would put it. `perform` makes the reply of an ordinary day; operations that answer in blocks pass theirs through
 * `rewrite` first. Throws BedrockError.
 */
export function stage(
  call: Call,
  request: ConverseRequest,
  perform: (rewrite: (answer: Answer) => Answer) => Reply,
): Reply {
  wake(call);
  const cast = castFor(call, request);
  for (const { scenario, cue } of cast) {
    const refusal = scenario.refuse?.(cue);
    if (refusal) throw refusal;
  }
  const rewrite = (answer: Answer) =>
    cast.reduce((each, { scenario, cue }) => scenario.rewrite?.(each, cue) ?? each, answer);
  return cast.reduce((reply, { scenario, cue }) => scenario.deliver?.(reply, cue) ?? reply, perform(rewrite));
}

/** A model that has been put to sleep needs a few calls to come up (Custom Model Import). */
function wake({ model, modelId, world }: Call): void {
  if (model.coldStarts > 0 && world.countTry(`wake ${modelId}`) <= model.coldStarts) {
    throw new BedrockError(
      'ModelNotReadyException',
      'Model is not ready for inference. Wait and try your request again.',
    );
  }
}

function castFor(call: Call, request: ConverseRequest): { scenario: Scenario; cue: Cue }[] {
  const text = lastUserText(request);
  const where = `${call.region}/${call.modelId}`;
  return directivesIn(`${text} ${call.model.directive ?? ''}`).flatMap((directive) => {
    const scenario = scenarios.get(directive.name);
    if (!scenario || (directive.where && !where.includes(directive.where))) return [];
    const tries = call.world.countTry(`${directive.name} ${call.model.directive ?? ''} ${text}`);
    return [{ scenario, cue: { call, request, args: directive.args, tries, streams: streams(call) } }];
  });
}
