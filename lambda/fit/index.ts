import type { CanonicalRequest } from '../canonical/request.ts';
import type { ConverseRequest } from '../canonical/types.ts';
import { written } from '../fields.ts';
import type { Capabilities } from '../models/capabilities.ts';
import { fitLimits } from './max-tokens.ts';
import { type OnDemandSteps, stepsFor } from './on-demand.ts';
import { fitReasoningHistory } from './reasoning/history.ts';
import { fitRequestFields } from './request-fields.ts';
import { fitSampling } from './sampling.ts';
import { fitStreaming } from './streaming.ts';
import { fitTurns } from './turns/turns.ts';
import type { Draft, Fit, FitStep, Restore } from './types.ts';
import { fitUnsupported } from './unsupported.ts';

/**
 * The order matters; each line says what it relies on. Those of `onDemand` are loaded for the requests that need them,
 * and absent for the others.
 */
function inOrder(onDemand: Partial<OnDemandSteps>): readonly FitStep[] {
  const steps = [
    // What the model cannot read goes first, so that the turns close around it.
    onDemand.fitBillingLine,
    fitReasoningHistory,
    onDemand.fitMedia,
    onDemand.fitSearchResults,
    // Gives the turns inputs that are objects, under the names that tools have for the client.
    onDemand.fitToolArguments,
    // Needs the blocks that will be sent; everything below sees the final turns.
    fitTurns,
    // Needs the documents where they will stand: those of a result without a call are in a turn now.
    onDemand.fitCitations,
    // One more tool for the next step.
    onDemand.fitWebSearch,
    // Needs each call next to its results.
    onDemand.fitTools,
    // Needs the turns (is signed reasoning missing?) and the choice (is a tool forced?).
    onDemand.fitReasoning,
    // May force a tool of its own, which a thinking model may refuse; its name must differ from the final names.
    onDemand.fitStructuredOutput,
    // Moves the choice to where Claude wants it, so no step may change it afterwards.
    onDemand.fitParallelCalls,
    // These depend on whether the model thinks, and how long.
    onDemand.fitBetas,
    // Gives up what would make the next two say something of it.
    onDemand.fitHints,
    fitLimits,
    fitSampling,
    onDemand.fitStopSequences,
    fitStreaming,
    fitRequestFields,
    fitUnsupported,
    onDemand.fitGuardrails,
    // A cache point counts for what stands before it: nothing may be added or moved afterwards.
    onDemand.fitCaching,
    // These two add only a way back. They come last so that they are undone first: what leaked may be a tool call to
    // rename, and the name that is called may be no tool's.
    onDemand.fitCalledNames,
    onDemand.fitLeaks,
  ];
  return steps.filter((step) => step !== undefined);
}

/**
 * Makes a request acceptable to one model: what the model refuses is repaired or left out, and named; what
 * would change the answer and cannot be honoured is a GatewayError (400). Pure: the request is not touched, so a
 * fallback model can be fitted to the same one.
 */
export function createFit(onDemand: Partial<OnDemandSteps>): Fit {
  const steps = inOrder(onDemand);
  return ({ model, converse, intent, lost = [], ignored: unheard = [] }, capabilities) => {
    const draft: Draft = {
      request: { ...converse },
      model,
      intent,
      warnings: lost.map(written),
      ignored: unheard.map(written),
      streamable: true,
      restores: [],
    };
    for (const step of steps) step(draft, capabilities);
    tidy(draft.request);
    const { warnings, ignored, streamable, restores } = draft;
    return { request: draft.request, warnings, ignored, streamable, restore: inReverse(restores) };
  };
}

/** The way to fit this request to this model, and to what is found out about it; its code is loaded when it is first needed. */
export async function fitFor(
  request: CanonicalRequest,
  capabilities: Pick<Capabilities, 'leaks'>,
): Promise<Fit> {
  return createFit(await stepsFor(request, capabilities));
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
