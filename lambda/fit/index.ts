import type { CanonicalRequest } from '../canonical/request.ts';
import type { ConverseRequest } from '../canonical/types.ts';
import { fitCaching } from './caching/caching.ts';
import { fitGuardrails } from './guardrails.ts';
import { fitLeaks } from './leaks/leaks.ts';
import { fitLimits } from './max-tokens.ts';
import { fitMedia } from './media/media.ts';
import { fitBetas } from './reasoning/betas.ts';
import { fitReasoningHistory } from './reasoning/history.ts';
import { fitReasoning } from './reasoning/reasoning.ts';
import { fitRequestFields } from './request-fields.ts';
import { fitSampling } from './sampling.ts';
import { fitStopSequences } from './stop/stop.ts';
import { fitStreaming } from './streaming.ts';
import { fitParallelCalls } from './tools/choice.ts';
import { fitTools } from './tools/tools.ts';
import { fitWebSearch } from './tools/web-search.ts';
import { fitTurns } from './turns/turns.ts';
import type { Draft, Fit, FitStep, Restore } from './types.ts';
import { fitUnsupported } from './unsupported.ts';

/** What a request with tools or an output format needs, `./schema/steps.ts`: most requests for a first answer have none. */
type SchemaSteps = Record<'fitToolArguments' | 'fitStructuredOutput', FitStep>;

/** The order matters; each line says what it relies on. */
function stepsWith({ fitToolArguments, fitStructuredOutput }: SchemaSteps): readonly FitStep[] {
  return [
    // What the model cannot read goes first, so that the turns close around it.
    fitReasoningHistory,
    fitMedia,
    // Gives the turns inputs that are objects, under the names that tools have for the client.
    fitToolArguments,
    // Needs the blocks that will be sent; everything below sees the final turns.
    fitTurns,
    // One more tool for the next step.
    fitWebSearch,
    // Needs each call next to its results.
    fitTools,
    // Needs the turns (is signed reasoning missing?) and the choice (is a tool forced?).
    fitReasoning,
    // May force a tool of its own, which a thinking model may refuse; its name must differ from the final names.
    fitStructuredOutput,
    // Moves the choice to where Claude wants it, so no step may change it afterwards.
    fitParallelCalls,
    // These three depend on whether the model thinks, and how long.
    fitBetas,
    fitLimits,
    fitSampling,
    fitStopSequences,
    fitStreaming,
    fitRequestFields,
    fitUnsupported,
    fitGuardrails,
    // A cache point counts for what stands before it: nothing may be added or moved afterwards.
    fitCaching,
    // Adds only a way back. It comes last so that it is undone first: what leaked may be a tool call to rename.
    fitLeaks,
  ];
}

/**
 * Makes a request acceptable to one model: what the model refuses is repaired or left out, and named; what
 * would change the answer and cannot be honoured is an ApiError (400). Pure: the request is not touched, so a
 * fallback model can be fitted to the same one.
 */
export function createFit(schemaSteps: SchemaSteps): Fit {
  const steps = stepsWith(schemaSteps);
  return ({ model, converse, intent }, capabilities) => {
    const draft: Draft = {
      request: { ...converse },
      model,
      intent,
      warnings: [],
      ignored: [],
      streamable: true,
      restores: [],
    };
    for (const step of steps) step(draft, capabilities);
    tidy(draft.request);
    const { warnings, ignored, streamable, restores } = draft;
    return { request: draft.request, warnings, ignored, streamable, restore: inReverse(restores) };
  };
}

const nothing: FitStep = () => {};
const fitPlain = createFit({ fitToolArguments: nothing, fitStructuredOutput: nothing });

/** The way to fit this request; its code is loaded when it is first needed. */
export async function fitFor({ converse, intent }: CanonicalRequest): Promise<Fit> {
  if (!converse.toolConfig && !intent.outputFormat) return fitPlain;
  return createFit(await import('./schema/steps.ts'));
}

/** Empty members say nothing. */
function tidy(request: ConverseRequest): void {
  if (request.system?.length === 0) delete request.system;
  if (request.inferenceConfig && Object.keys(request.inferenceConfig).length === 0)
    delete request.inferenceConfig;
  if (request.promptVariables && Object.keys(request.promptVariables).length === 0)
    delete request.promptVariables;
}

function inReverse(restores: readonly Restore[]): Restore {
  return {
    answer: (answer) => restores.reduceRight((value, restore) => restore.answer(value), answer),
    events: (enough) => {
      const last = restores.map((restore) => restore.events(enough)).reverse();
      return (batch) => last.reduce((events, restore) => restore(events), batch);
    },
  };
}
