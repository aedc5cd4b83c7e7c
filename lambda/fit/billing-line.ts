import { withoutBillingLine } from '../canonical/billing-line.ts';
import type { SystemBlock } from '../canonical/types.ts';
import type { FitStep } from './types.ts';

/**
 * "x-anthropic-billing-header is a reserved keyword and may not be used in the system prompt." (anthropics/claude-code#24168)
 * Other models would read it as an instruction, and it changes from version to version of the client.
 */
export const fitBillingLine: FitStep = ({ request }) => {
  const system = request.system?.flatMap((block): SystemBlock[] => {
    if (!('text' in block)) return [block];
    const text = withoutBillingLine(block.text);
    return text === '' ? [] : [{ ...block, text }];
  });
  if (system) request.system = system;
};
