import type { CanonicalRequest } from '../../canonical/request.ts';
import type { ContentBlock } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import type { Fit, Fitted } from '../types.ts';

/**
 * Whether a conversation of another API is to be had in OpenAI's Responses: the model thinks and has tools to call, and
 * nothing of the request needs Converse. What a guardrail is to see does, and so does what is recorded or billed by
 * members that Responses has not.
 */
export function belongsToResponses({ converse, intent }: CanonicalRequest, able: Capabilities): boolean {
  const { toolConfig, serviceTier } = converse;
  const calls = toolConfig?.tools.some((tool) => 'toolSpec' in tool) === true;
  const thinks = intent.reasoning?.effort !== 'none' && intent.reasoning?.thinking?.type !== 'disabled';
  if (able.responses?.forOthers !== true || !calls || !thinks) return false;
  if (intent.enforcedGuardrail || converse.guardrailConfig) return false;
  // What a model thought on Converse it takes back there alone.
  if (converse.messages.some(({ content }) => content.some(isOfConverse))) return false;
  return (
    (serviceTier === undefined || serviceTier.type === 'default') &&
    onlyConverses.every((member) => converse[member] === undefined)
  );
}

const isOfConverse = (block: ContentBlock): boolean =>
  'reasoningContent' in block && block.reasoningContent.redactedContent !== undefined;

const onlyConverses = [
  'performanceConfig',
  'requestMetadata',
  'additionalModelRequestFields',
  'additionalModelResponseFieldPaths',
  'promptVariables',
] as const;

/** Fitted as to Converse, but that other reasoning comes back. */
export function fitToResponses(fit: Fit, request: CanonicalRequest, able: Capabilities): Fitted {
  const reasoningReplay = able.responses?.refusesReasoning ? false : 'responses';
  const { serviceTier: _, ...converse } = request.converse;
  const fitted = fit({ ...request, converse }, { ...able, reasoningReplay });
  return { ...fitted, backend: 'responses' };
}
