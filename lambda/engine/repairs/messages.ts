import { field, note } from '../../fields.ts';
import { flags } from '../../fit/messages/members.ts';
import { memberAt } from '../../fit/messages/path.ts';
import type { Capabilities, MessagesTraits } from '../../models/capabilities.ts';
import { extra, type RepairRow, says, when } from './row.ts';

/**
 * What Claude refuses of a body in its own API. A path of these refusals is read only as a member of the gateway's own
 * table, because everything that may be sent is in it and nothing that a client has named.
 */
export const messagesRepairs: readonly RepairRow[] = [
  {
    text: says(extra(/output_config\.effort/)),
    correct: ({ messages }) =>
      messages && when(messages.effortsByBeta !== undefined, changed(messages, { effortsByBeta: undefined })),
    warning: note`${field('reasoning.effort')} was left out: the model refuses it`,
  },
  {
    text: says(
      /messages[\w.]*: Input tag '(?:tool_reference|server_tool_use|tool_search_tool_result)' found/,
    ),
    correct: ({ messages }) => messages && without(messages, [flags.toolSearch]),
    warning: note`deferred tools were loaded where they are needed: the model has no tool search`,
  },
  {
    text: says(/messages[\w.]*: Input tag '(?:tool_addition|tool_removal|tool_definition)' found/),
    correct: ({ messages }) => messages && without(messages, [flags.toolChanges, flags.inlineTools]),
    warning: note`changes of the tools went into the list of tools: the model does not know the blocks`,
  },
  {
    text: says(/messages[\w.]*: Input tag 'compaction' found/),
    correct: ({ messages }) => messages && without(messages, [flags.compact, flags.compactEdit]),
    warning: note`a compaction was sent as text: the model does not know the block`,
  },
  {
    text: says(/x-anthropic-billing-header is a reserved keyword/),
    correct: ({ messages }) =>
      messages && when(!messages.refusesBillingLine, changed(messages, { refusesBillingLine: true })),
    warning: note`the line for Anthropic's billing was left out of the system prompt: the model refuses it`,
    // That of another client may be written as it should be.
    onlyThisRequest: true,
  },
  {
    text: says(/invalid beta flag/),
    correct: ({ messages }) => messages && fewerFlags(messages),
    warning: note`${field('anthropicBeta')} was left out, with what needs it: the model refuses a flag`,
    // It does not say which flag, and one that another request has may be taken.
    onlyThisRequest: true,
  },
  {
    text: says(/max_tokens: \d+ > (\d+), which is the maximum allowed number of output tokens/),
    correct: (c, match) => {
      const limit = Number(match[1]);
      return when(limit > 0 && (c.maxOutputTokens ?? Infinity) > limit, { maxOutputTokens: limit });
    },
    warning: note`${field('maxTokens')} was lowered to what the model can write`,
  },
  {
    text: says(
      /messages[\w.]*: Invalid `(?:signature|data)` in `(?:redacted_)?thinking` block/,
      /messages[\w.]*\.thinking\.signature: Field required/,
      /messages[\w.]*: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified/,
    ),
    correct: (c) => when(c.reasoningReplay !== false, { reasoningReplay: false }),
    warning: note`earlier reasoning was left out: its signature is not valid for this model`,
    onlyThisRequest: true,
  },
];

/** Any member. Other rows know better what to do about the one that they name, so this comes behind them. */
export const memberRepair: RepairRow = {
  text: says(extra(/((?:\w+\.)*\w+)/)),
  correct: ({ messages }, match) => messages && withoutMember(messages, match[1] ?? ''),
  warning: note`a member of the request was left out: the model refuses it`,
};

const changed = (messages: MessagesTraits, changes: Partial<MessagesTraits>): Partial<Capabilities> => ({
  messages: { ...messages, ...changes },
});

function without(messages: MessagesTraits, refused: readonly string[]): Partial<Capabilities> | undefined {
  const betas = messages.betas.filter((flag) => !refused.includes(flag));
  return when(betas.length < messages.betas.length, changed(messages, { betas }));
}

/** First those that no member needs, then all, and the members with them. */
function fewerFlags(messages: MessagesTraits): Partial<Capabilities> | undefined {
  if (!messages.onlyNeededBetas) return changed(messages, { onlyNeededBetas: true });
  return when(messages.betas.length > 0, changed(messages, { betas: [] }));
}

/** The member, or the flag that it needs and all that the flag brings. An effort is of the reasoning's rows alone. */
function withoutMember(messages: MessagesTraits, path: string): Partial<Capabilities> | undefined {
  const member = memberAt(path);
  if (!member || member.path === 'output_config.effort') return undefined;
  if (member.flags.length > 0) return without(messages, member.flags);
  const { refused = [] } = messages;
  return when(!refused.includes(member.path), changed(messages, { refused: [...refused, member.path] }));
}
