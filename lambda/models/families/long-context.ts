import { baseModelId } from '../names/model-id.ts';

/**
 * Models whose million tokens of context are a beta; later ones have them by themselves, others not at all
 * (https://docs.anthropic.com/en/docs/build-with-claude/context-windows).
 */
const betaPattern = /^anthropic\.claude-sonnet-4(?:-5)?(?:-\d{6,}|[:@]|$)/;

/** Claude's beta flag for a million tokens of context; undefined where a model has none. */
export const longContextBeta = (modelId: string): string | undefined =>
  betaPattern.test(baseModelId(modelId)) ? 'context-1m-2025-08-07' : undefined;
