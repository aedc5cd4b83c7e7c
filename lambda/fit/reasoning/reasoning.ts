import type { ReasoningIntent } from '../../canonical/request.ts';
import type { Message } from '../../canonical/types.ts';
import { field, note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { removeExtra } from '../extra-fields.ts';
import { ignore, warn } from '../notes.ts';
import { askInstead } from '../tools/choice.ts';
import type { Draft, FitStep } from '../types.ts';
import { askAdaptively } from './adaptive.ts';
import { askWithBudget } from './budget.ts';
import { askNova, askPlainly } from './plain-effort.ts';
import { makeRoom } from './room.ts';
import { shown } from './shown.ts';
import { cannotBeForced, thinkingOf } from './thinking.ts';

/**
 * Asks for reasoning in the model's own way. Needs the final turns (a budget-thinking Claude refuses tool
 * results whose calls lost their signed reasoning) and the final tool choice.
 */
export const fitReasoning: FitStep = (draft, capabilities) => {
  const intent = draft.intent.reasoning;
  const style = capabilities.reasoning;
  if (intent && !givenNatively(draft)) {
    switch (style.kind) {
      case 'none':
        nameIgnored(draft, intent);
        break;
      case 'budget':
        askWithBudget(draft, intent);
        break;
      case 'adaptive':
        askAdaptively(draft, shown(intent, style), style);
        break;
      case 'nova':
        askNova(draft, intent);
        break;
      case 'effort':
        askPlainly(draft, intent, style);
        break;
      default:
        style satisfies never;
    }
  }
  if (capabilities.reasoningReplay === true) dropUnprovenThinking(draft);
  makeRoom(draft, capabilities);
  if (cannotBeForced(draft.request, capabilities)) freeToolChoice(draft, capabilities);
};

const nativeFields = ['thinking', 'reasoning', 'reasoning_config', 'reasoningConfig', 'reasoning_effort'];

/** What the client wrote into additionalModelRequestFields itself is more exact than any translation. */
function givenNatively(draft: Draft): boolean {
  const fields = draft.request.additionalModelRequestFields ?? {};
  return nativeFields.some((key) => key in fields);
}

function nameIgnored(draft: Draft, { thinking, effort, budgetTokens }: ReasoningIntent): void {
  if (thinking && thinking.type !== 'disabled') ignore(draft, 'reasoning.thinking');
  if (effort !== undefined && effort !== 'none') ignore(draft, 'reasoning.effort');
  if (budgetTokens !== undefined && !thinking) ignore(draft, 'reasoning.budgetTokens');
}

/**
 * With `thinking: {type: enabled}` Claude answers 400 "Expected `thinking` or `redacted_thinking`, but found
 * `tool_use`" when the turn that tool results belong to has lost its signed reasoning (BerriAI/litellm#14194).
 * Most clients cannot send it back; an answer without thinking is better than none.
 */
function dropUnprovenThinking(draft: Draft): void {
  if (thinkingOf(draft.request)?.type !== 'enabled' || !continuesWithoutReasoning(draft.request.messages))
    return;
  removeExtra(draft, 'thinking');
  removeExtra(draft, 'reasoning_config');
  warn(
    draft,
    note`thinking is off for this call because the signed reasoning of the assistant did not come back`,
  );
}

/**
 * The conversation ends in tool results, and the first assistant message since the user spoke has no reasoning;
 * or it ends with the assistant, whose beginning the client has written ("When `thinking` is enabled, a final
 * `assistant` message must start with a thinking block").
 */
function continuesWithoutReasoning(messages: readonly Message[]): boolean {
  const results = (message: Message) => message.content.some((block) => 'toolResult' in block);
  const last = messages.at(-1);
  if (last?.role !== 'assistant' && !(last && results(last))) return false;
  const spoken = messages.findLastIndex((message) => message.role === 'user' && !results(message));
  const first = messages.slice(spoken + 1).find((message) => message.role === 'assistant');
  const head = first?.content[0];
  return head !== undefined && !('reasoningContent' in head);
}

/** "Thinking may not be enabled when tool_choice forces tool use."; where it is taken, it yields no call. */
function freeToolChoice(draft: Draft, capabilities: Capabilities): void {
  const { toolConfig } = draft.request;
  if (!toolConfig?.toolChoice || 'auto' in toolConfig.toolChoice) return;
  draft.request.toolConfig = askInstead(toolConfig, draft, capabilities);
  warn(
    draft,
    note`${field('toolChoice')} became auto because this model cannot be forced to call a tool while it thinks`,
  );
}
