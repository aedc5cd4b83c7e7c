import type { NativeRequest } from '../../canonical/native.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import type { NativeFitted } from '../types.ts';
import { fitCitations } from './citations.ts';
import { fitCompaction } from './compaction.ts';
import { fitContextManagement } from './context-management.ts';
import { expandDeferredTools, fitDeferredTools } from './deferred-tools.ts';
import { fitPlain, type OnDemandSteps } from './fit.ts';
import { fitSearchResults } from './search-results.ts';
import { fitSystemMessages } from './system-messages.ts';
import { fitToolChanges, fitToolReferences } from './tool-changes.ts';
import { fitTools } from './tools.ts';

export { needsConverse } from './fit.ts';

const all: OnDemandSteps = {
  fitCompaction,
  fitSearchResults,
  fitCitations,
  fitSystemMessages,
  fitToolChanges,
  expandDeferredTools,
  fitTools,
  fitDeferredTools,
  fitToolReferences,
  fitContextManagement,
};

/** `fitPlain` for any body. */
export const fitMessages = (
  request: NativeRequest,
  capabilities: Capabilities,
  model: string,
): NativeFitted => fitPlain(request, capabilities, model, all);
