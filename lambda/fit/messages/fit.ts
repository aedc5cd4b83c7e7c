import type { NativeRequest } from '../../canonical/native.ts';
import { toolChanges } from '../../canonical/tool-changes.ts';
import type { JsonObject } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import type { NativeFitted } from '../types.ts';
import { fitBlocks } from './blocks.ts';
import { fitCacheMarks } from './cache-marks.ts';
import { blocksIn, type Claude, type NativeDraft, type NativeStep } from './draft.ts';
import { finished } from './finish.ts';
import { fitLimits, fitStopSequences } from './limits.ts';
import { needsConverse as needs, turnsIn } from './needs-converse.ts';
import { fitOutputFormat } from './output-format.ts';
import { fitSampling } from './sampling.ts';
import { fitSettings } from './settings.ts';
import { fitTexts } from './texts.ts';
import { fitThinking } from './thinking.ts';
import { fitToolChoice } from './tool-choice.ts';
import { fitTurns } from './turns.ts';

/** Steps that a conversation of nothing but text does without. `./index.ts` has them. */
export type OnDemandSteps = Record<
  | 'fitCompaction'
  | 'fitSearchResults'
  | 'fitCitations'
  | 'fitSystemMessages'
  | 'fitToolChanges'
  | 'expandDeferredTools'
  | 'fitTools'
  | 'fitDeferredTools'
  | 'fitToolReferences'
  | 'fitContextManagement',
  NativeStep
>;

/** Whether a body is a conversation of nothing but text. */
export const isPlain = (body: JsonObject): boolean =>
  beyondText.every((name) => body[name] === undefined) &&
  blocksIn(body.messages).every(
    ({ role, content }) => role !== 'system' && blocksIn(content).every(({ type }) => type === 'text'),
  );
const beyondText = ['tools', 'tool_choice', 'context_management', 'compaction'];

/** The order matters; each line says what it relies on. */
const inOrder = (onDemand: Partial<OnDemandSteps>): readonly (NativeStep | undefined)[] => [
  // Cuts the conversation, so that nothing below works on what is not sent.
  onDemand.fitCompaction,
  // What the model does not know goes before the turns close around it.
  fitBlocks,
  onDemand.fitSearchResults,
  onDemand.fitCitations,
  fitTexts,
  // Makes user turns of some messages, which join their neighbours in the next step.
  onDemand.fitSystemMessages,
  // Knows what is left of the messages that change the tools.
  onDemand.fitToolChanges,
  // Everything below sees the final turns.
  fitTurns,
  // Says which tools there are.
  onDemand.expandDeferredTools,
  onDemand.fitTools,
  // A thinking budget must fit below it.
  fitLimits,
  // Needs the turns (did the thinking come back?) and the choice (is a tool forced?), which may have to give way.
  fitThinking,
  fitToolChoice,
  // Needs the tools that are sent.
  onDemand.fitDeferredTools,
  onDemand.fitToolReferences,
  // Depends on whether the model thinks.
  fitSampling,
  fitStopSequences,
  fitOutputFormat,
  onDemand.fitContextManagement,
  fitSettings,
  // A mark counts for what stands before it: nothing may be added or moved afterwards.
  fitCacheMarks,
];

/** Whether a request asks for something that only Converse and what the gateway makes of it can carry. */
export function needsConverse(request: NativeRequest, capabilities: Capabilities): boolean {
  return needs(request, claude(capabilities));
}

/**
 * Makes a client's own body acceptable to one Claude: what the model refuses is repaired or left out, and named; what would
 * change the answer and cannot be honoured is a GatewayError (400). Pure: the request is not touched, and what needs no
 * change is shared with it. What is not plain needs all of the steps.
 */
export function fitPlain(
  request: NativeRequest,
  capabilities: Capabilities,
  model: string,
  onDemand: Partial<OnDemandSteps> = {},
): NativeFitted {
  const { system, tools, messages: _, ...body } = request.body;
  const turns = turnsIn(request.body);
  const draft: NativeDraft = {
    body,
    messages: turns,
    changes: toolChanges(turns),
    system: typeof system === 'string' ? system : system === undefined ? undefined : blocksIn(system),
    tools: blocksIn(tools),
    betas: request.betas,
    settings: request.settings,
    cacheMode: request.cacheMode,
    model,
    warnings: [],
    ignored: [],
  };
  const able = claude(capabilities);
  for (const step of inOrder(onDemand)) step?.(draft, able);
  const { warnings, ignored } = draft;
  return { native: finished(draft, able, request), warnings, ignored };
}

/** Only models that speak the API get here; what is not known of one is that it takes no flag. */
const claude = (capabilities: Capabilities): Claude => ({
  ...capabilities,
  messages: capabilities.messages ?? { betas: [], typedTools: [] },
});
