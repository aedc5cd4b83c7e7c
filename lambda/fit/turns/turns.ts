import { isBlankText, isCachePoint, isText, isToolResult, isToolUse } from '../../canonical/blocks.ts';
import type { ContentBlock, Message, Role, SystemBlock } from '../../canonical/types.ts';
import { note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { warn } from '../notes.ts';
import type { Draft, FitStep } from '../types.ts';
import { type Assembled, assembleTurns } from './assembly.ts';
import { emptyConversation, nextRoles, systemAsUserText } from './conversation.ts';

/** What is said where a model wants a turn and the client has none. */
const said = {
  opening: 'Begin.',
  continuing: 'Continue.',
  resultsReceived: 'I have received the tool results.',
  noResult: 'No result was recorded for this call.',
  document: 'See the attached document.',
};

/**
 * Turns as Bedrock takes them: alternating, none empty or blank, each tool call answered in the turn after
 * it, system messages where the model allows them. What is sent for a turn follows from it and the turns
 * before it, so that the prefix of a growing conversation stays the same and prompt caching keeps working.
 */
export const fitTurns: FitStep = (draft, capabilities) => {
  const assembled = assembleTurns(draft.request.messages);
  warnOfCalls(draft, assembled);
  const system = cleanSystem(draft.request.system ?? [], assembled.leadingCachePoint);
  const sent = place(assembled, draft, capabilities);
  placeSystem(system, sent, draft, capabilities);
  fitEnds(sent, draft, capabilities);
  const results = capabilities.toolResultsAlone ? separateResults(sent) : sent;
  const separated = capabilities.toolCallsAlone ? separateCalls(results) : results;
  for (const { content } of separated) accompanyDocuments(content);
  draft.request.messages = separated;
};

function warnOfCalls(draft: Draft, { duplicateResults, orphanResults, invalidInputs }: Assembled): void {
  if (duplicateResults > 0) warn(draft, note`${duplicateResults} repeated tool result(s) left out`);
  if (orphanResults > 0) {
    warn(draft, note`${orphanResults} tool result(s) without a matching tool call sent as text`);
  }
  if (invalidInputs > 0) {
    warn(
      draft,
      note`the arguments of ${invalidInputs} earlier tool call(s) are no JSON object: sent as text`,
    );
  }
}

function cleanSystem(system: SystemBlock[], trailing: SystemBlock | undefined): SystemBlock[] {
  const kept: SystemBlock[] = [];
  for (const block of trailing ? [...system, trailing] : system) {
    const last = kept.at(-1);
    // A cache point is refused as the first of a list, and says nothing behind another one.
    if (isBlankText(block) || (isCachePoint(block) && (!last || isCachePoint(last)))) continue;
    kept.push(block);
  }
  return kept;
}

/** Joins turns of one role and puts the tool results first in the turn after their calls. */
function place({ turns, answered }: Assembled, draft: Draft, capabilities: Capabilities): Message[] {
  const sent: Message[] = [];
  const next = nextRoles(turns);
  let unanswered = 0;
  let systemAsUser = false;
  const plain = draft.intent.plainInstructions;
  turns.forEach((turn, i) => {
    if (turn.role === 'system') {
      const native = capabilities.midConversationSystem && sent.at(-1)?.role === 'user' && next[i] !== 'user';
      systemAsUser ||= !native;
      append(sent, native ? 'system' : 'user', native || plain ? turn.content : turn.content.map(asUserText));
      return;
    }
    append(sent, turn.role, turn.content);
    if (!turn.answers) return;
    append(sent, 'user', turn.answers.results);
    const open = turn.answers.ids.filter((id) => !answered.has(id));
    append(sent, 'user', open.map(missingResult));
    unanswered += open.length;
  });
  if (unanswered > 0) warn(draft, note`${unanswered} tool call(s) without a result answered with an error`);
  if (systemAsUser) warn(draft, systemAsUserText);
  return sent;
}

/** Takes the list over: the turn that it came from is not looked at again. */
function append(sent: Message[], role: Role, content: ContentBlock[]): void {
  if (content.length === 0) return;
  const last = sent.at(-1);
  if (last?.role === role) for (const block of content) last.content.push(block);
  else sent.push({ role, content });
}

function asUserText(block: ContentBlock): ContentBlock {
  return isText(block) ? { text: `<system>\n${block.text}\n</system>` } : block;
}

function missingResult(toolUseId: string): ContentBlock {
  return { toolResult: { toolUseId, content: [{ text: said.noResult }], status: 'error' } };
}

/** Families without system prompts, and conversations of nothing else, take it as the first user text. */
function placeSystem(system: SystemBlock[], sent: Message[], draft: Draft, capabilities: Capabilities): void {
  if (system.length === 0) {
    delete draft.request.system;
    return;
  }
  if (capabilities.system && sent.length > 0) {
    draft.request.system = system;
    return;
  }
  delete draft.request.system;
  warn(draft, note`the system prompt sent as user text`);
  const content = system.filter((block) => !isCachePoint(block));
  if (sent[0]?.role === 'user') sent[0] = { role: 'user', content: [...content, ...sent[0].content] };
  else sent.unshift({ role: 'user', content });
}

function fitEnds(sent: Message[], draft: Draft, capabilities: Capabilities): void {
  if (sent.length === 0) {
    // A prompt from Prompt management brings its own messages.
    if (draft.request.promptVariables) return;
    throw emptyConversation();
  }
  if (sent[0]!.role === 'assistant' && !capabilities.assistantFirst) {
    sent.unshift({ role: 'user', content: [{ text: said.opening }] });
    warn(draft, note`a user turn added before the first assistant message`);
  }
  const last = sent.at(-1)!;
  if (last.role !== 'assistant') return;
  if (capabilities.assistantLast) trimEnd(last.content);
  else {
    sent.push({ role: 'user', content: [{ text: said.continuing }] });
    warn(draft, note`a user turn added after the last assistant message: the model takes no prefill`);
  }
}

/** Claude: "final assistant content cannot end with trailing whitespace". */
function trimEnd(content: ContentBlock[]): void {
  const end = content.findLastIndex((block) => !isCachePoint(block));
  const block = content[end];
  if (block && isText(block)) content[end] = { text: block.text.trimEnd() };
}

/**
 * Llama, Mistral and Writer: "Conversation blocks and tool result blocks cannot be provided in the same
 * turn". Bedrock joins neighbouring turns of one role, so an assistant turn must stand between.
 */
function separateResults(sent: Message[]): Message[] {
  return sent.flatMap((turn) => {
    const { role, content } = turn;
    const split = content.findIndex((block) => !isToolResult(block) && !isCachePoint(block));
    if (role !== 'user' || split <= 0) return [turn];
    return [
      { role, content: content.slice(0, split) },
      { role: 'assistant' as const, content: [{ text: said.resultsReceived }] },
      { role, content: content.slice(split) },
    ];
  });
}

/**
 * Llama: "Conversation blocks and tool use blocks cannot be provided in the same turn." The words come first, as the
 * model has said them, and a user turn makes room for the calls.
 */
function separateCalls(sent: Message[]): Message[] {
  return sent.flatMap((turn) => {
    const { role, content } = turn;
    const isCall = role === 'assistant' ? content.map(isToolUse) : [];
    // A cache point belongs to the block before it.
    for (const [i, block] of content.entries()) if (isCachePoint(block)) isCall[i] = isCall[i - 1] ?? false;
    if (!isCall.includes(true) || !isCall.includes(false)) return [turn];
    return [
      { role, content: content.filter((_, i) => !isCall[i]) },
      { role: 'user' as const, content: [{ text: said.continuing }] },
      { role, content: content.filter((_, i) => isCall[i]) },
    ];
  });
}

/** Bedrock: "A text block must be included when using documents." */
function accompanyDocuments(content: ContentBlock[]): void {
  if (content.some((block) => 'document' in block) && !content.some(isText)) {
    content.push({ text: said.document });
  }
}
