import { ignore } from '../notes.ts';
import type { FitStep } from '../types.ts';

/**
 * A search of the web, which Nova 2 has as a system tool that runs inside Bedrock, beside the client's own
 * tools (recorded). Comes before `fitTools`, for which it is a tool like any other.
 */
export const fitWebSearch: FitStep = (draft, { webSearchTool }) => {
  if (!draft.intent.webSearch) return;
  if (!webSearchTool || draft.intent.toolChoiceNone) {
    ignore(draft, 'webSearch');
    return;
  }
  const config = draft.request.toolConfig;
  draft.request.toolConfig = {
    ...config,
    tools: [...(config?.tools ?? []), { systemTool: { name: webSearchTool } }],
  };
};
