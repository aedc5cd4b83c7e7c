import { holdsMedia, holdsSearchResult, isCachePoint, isToolResult, isToolUse } from '../canonical/blocks.ts';
import type { CanonicalRequest } from '../canonical/request.ts';
import type { ContentBlock, ConverseRequest } from '../canonical/types.ts';
import type { Capabilities } from '../models/capabilities.ts';
import type { FitStep } from './types.ts';

/** The steps that a plain chat, which is text and no more, does without. `./index.ts` has them in their order. */
export type OnDemandSteps = Record<
  | 'fitBillingLine'
  | 'fitMedia'
  | 'fitCitations'
  | 'fitSearchResults'
  | 'fitToolArguments'
  | 'fitWebSearch'
  | 'fitTools'
  | 'fitStructuredOutput'
  | 'fitParallelCalls'
  | 'fitCalledNames'
  | 'fitReasoning'
  | 'fitBetas'
  | 'fitHints'
  | 'fitStopSequences'
  | 'fitGuardrails'
  | 'fitCaching'
  | 'fitLeaks',
  FitStep
>;

/** Steps that are loaded together. Where a group is not needed, none of its steps would change the request. */
interface Group {
  isNeeded(request: CanonicalRequest, capabilities: FixedCapabilities): boolean;
  load(): Promise<Partial<OnDemandSteps>>;
}

/** What is known of a model before its first refusal and cannot be learned from one. */
type FixedCapabilities = Pick<Capabilities, 'leaks'>;

const groups: readonly Group[] = [
  {
    // `canonical/billing-line.ts` knows the rest of it.
    isNeeded: ({ converse: { system = [] } }) =>
      system.some((block) => 'text' in block && block.text.startsWith('x-anthropic-')),
    load: () => import('./billing-line.ts'),
  },
  {
    isNeeded: ({ converse }) => hasBlock(converse, holdsMedia),
    load: () => import('./media/media.ts'),
  },
  {
    isNeeded: ({ converse }) => hasBlock(converse, holdsSearchResult),
    load: () => import('./search-results.ts'),
  },
  {
    isNeeded: ({ converse, intent }) =>
      Boolean(converse.toolConfig || intent.webSearch || intent.outputFormat) ||
      hasBlock(converse, (block) => isToolUse(block) || isToolResult(block)),
    load: () => import('./tools/steps.ts'),
  },
  {
    isNeeded: ({ converse, intent }) =>
      Boolean(intent.reasoning || intent.anthropicBeta || converse.additionalModelRequestFields),
    load: () => import('./reasoning/steps.ts'),
  },
  {
    isNeeded: ({ intent }) => Boolean(intent.temperatureIsHint || intent.thinkingRoom),
    load: () => import('./hints.ts'),
  },
  {
    isNeeded: ({ converse }) => converse.inferenceConfig?.stopSequences !== undefined,
    load: () => import('./stop/stop.ts'),
  },
  {
    isNeeded: ({ converse, intent }) => Boolean(converse.guardrailConfig || intent.enforcedGuardrail),
    load: () => import('./guardrails.ts'),
  },
  {
    isNeeded: ({ converse, intent }) => intent.cacheMode !== undefined || hasCachePoint(converse),
    load: () => import('./caching/caching.ts'),
  },
  {
    isNeeded: (_, { leaks }) => leaks !== undefined,
    load: () => import('./leaks/leaks.ts'),
  },
];

/** The steps that may change this request for this model. */
export async function stepsFor(
  request: CanonicalRequest,
  capabilities: FixedCapabilities,
): Promise<Partial<OnDemandSteps>> {
  return together(groups.filter(({ isNeeded }) => isNeeded(request, capabilities)));
}

/** All of them, whatever the request. */
export async function allSteps(): Promise<Partial<OnDemandSteps>> {
  return together(groups);
}

async function together(needed: readonly Group[]): Promise<Partial<OnDemandSteps>> {
  return Object.assign({}, ...(await Promise.all(needed.map(({ load }) => load()))));
}

const hasBlock = ({ messages }: ConverseRequest, is: (block: ContentBlock) => boolean): boolean =>
  messages.some(({ content }) => content.some(is));

const hasCachePoint = (request: ConverseRequest): boolean =>
  [request.toolConfig?.tools, request.system].some((list) => list?.some(isCachePoint)) ||
  hasBlock(request, isCachePoint);
