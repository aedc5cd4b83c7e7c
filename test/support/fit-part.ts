import type { CanonicalRequest } from '../../lambda/canonical/request.ts';
import { fitLeaks } from '../../lambda/fit/leaks/leaks.ts';
import { fitMedia } from '../../lambda/fit/media/media.ts';
import { fitStructuredOutput } from '../../lambda/fit/structured-output/structured-output.ts';
import { fitToolArguments } from '../../lambda/fit/tools/arguments.ts';
import { fitCalledNames } from '../../lambda/fit/tools/called-names.ts';
import { fitParallelCalls } from '../../lambda/fit/tools/choice.ts';
import { fitTools } from '../../lambda/fit/tools/tools.ts';
import { fitTurns } from '../../lambda/fit/turns/turns.ts';
import type { Draft, Fitted } from '../../lambda/fit/types.ts';
import type { Capabilities } from '../../lambda/models/capabilities.ts';

const steps = [
  fitMedia,
  fitToolArguments,
  fitTurns,
  fitTools,
  fitStructuredOutput,
  fitParallelCalls,
  fitCalledNames,
  fitLeaks,
];

/** The steps that shape the conversation, in the order of `fit`, without those about sampling and the like. */
export function fitPart(
  { converse, intent }: Omit<CanonicalRequest, 'model'>,
  capabilities: Capabilities,
): Fitted {
  const request = {
    ...converse,
    messages: converse.messages.map(({ role, content }) => ({ role, content: [...content] })),
  };
  const draft: Draft = {
    request,
    model: 'm',
    intent,
    warnings: [],
    ignored: [],
    streamable: true,
    restores: [],
  };
  for (const step of steps) step(draft, capabilities);
  const { warnings, ignored, streamable, restores } = draft;
  const last = [...restores].reverse();
  return {
    request: draft.request,
    warnings,
    ignored,
    streamable,
    restore: {
      answer: (answer) => last.reduce((value, restore) => restore.answer(value), answer),
      events: () => {
        const maps = last.map((restore) => restore.events());
        return (batch) => maps.reduce((events, map) => map(events), batch);
      },
    },
  };
}
