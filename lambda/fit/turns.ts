import { isBlankText, isCachePoint, isText, isToolResult } from '../canonical/blocks.ts';
import type { ContentBlock, Message, Role, SystemBlock } from '../canonical/types.ts';
import { badRequest } from '../errors.ts';
import type { Capabilities } from '../models/capabilities.ts';
import { warn } from './notes.ts';
import { assembleTurns, type Turn, type Unit } from './turn-assembly.ts';
import type { Draft, FitStep } from './types.ts';

/** A turn that is sent: units of one role. */
interface Sent {
  role: Role;
  units: Unit[];
}

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
  warnOfResults(draft, assembled.duplicateResults, assembled.orphanResults);
  const system = cleanSystem(draft.request.system ?? [], assembled.leadingCachePoint);
  const sent = place(assembled.turns, draft, capabilities);
  placeSystem(system, sent, draft, capabilities);
  fitEnds(sent, draft, capabilities);
  const separated = capabilities.toolResultsAlone ? separateResults(sent) : sent;
  draft.request.messages = separated.map(toMessage);
};

function warnOfResults(draft: Draft, duplicates: number, orphans: number): void {
  if (duplicates > 0) warn(draft, `${duplicates} repeated tool result(s) left out`);
  if (orphans > 0) warn(draft, `${orphans} tool result(s) without a matching tool call sent as text`);
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
function place(turns: Turn[], draft: Draft, capabilities: Capabilities): Sent[] {
  const sent: Sent[] = [];
  const next = nextRoles(turns);
  let unanswered = 0;
  let systemAsUser = false;
  turns.forEach((turn, i) => {
    if (turn.role === 'system') {
      const native = capabilities.midConversationSystem && sent.at(-1)?.role === 'user' && next[i] !== 'user';
      systemAsUser ||= !native;
      append(sent, native ? 'system' : 'user', native ? turn.units : turn.units.map(asUserText));
      return;
    }
    append(sent, turn.role, turn.units);
    append(sent, 'user', turn.results);
    append(sent, 'user', [...turn.open].map(missingResult));
    unanswered += turn.open.size;
  });
  if (unanswered > 0) warn(draft, `${unanswered} tool call(s) without a result answered with an error`);
  if (systemAsUser) warn(draft, 'a system message after the first turn sent as user text');
  return sent;
}

/** For each turn, the role of the next one that is not a system message. */
function nextRoles(turns: Turn[]): (Role | undefined)[] {
  const next: (Role | undefined)[] = new Array(turns.length);
  let role: Role | undefined;
  for (let i = turns.length - 1; i >= 0; i -= 1) {
    next[i] = role;
    if (turns[i]!.role !== 'system') role = turns[i]!.role;
  }
  return next;
}

function append(sent: Sent[], role: Role, units: Unit[]): void {
  if (units.length === 0) return;
  const last = sent.at(-1);
  if (last?.role === role) for (const unit of units) last.units.push(unit);
  else sent.push({ role, units: [...units] });
}

function asUserText([block, ...cachePoints]: Unit): Unit {
  return [isText(block) ? { text: `<system>\n${block.text}\n</system>` } : block, ...cachePoints];
}

function missingResult(toolUseId: string): Unit {
  return [{ toolResult: { toolUseId, content: [{ text: said.noResult }], status: 'error' } }];
}

/** Families without system prompts, and conversations of nothing else, take it as the first user text. */
function placeSystem(system: SystemBlock[], sent: Sent[], draft: Draft, capabilities: Capabilities): void {
  if (system.length === 0) {
    delete draft.request.system;
    return;
  }
  if (capabilities.system && sent.length > 0) {
    draft.request.system = system;
    return;
  }
  delete draft.request.system;
  warn(draft, 'the system prompt sent as user text');
  const units = system.filter((block) => !isCachePoint(block)).map((block): Unit => [block]);
  if (sent[0]?.role === 'user') sent[0].units.unshift(...units);
  else sent.unshift({ role: 'user', units });
}

function fitEnds(sent: Sent[], draft: Draft, capabilities: Capabilities): void {
  if (sent.length === 0) {
    // A prompt from Prompt management brings its own messages.
    if (draft.request.promptVariables) return;
    throw badRequest(
      'The conversation is empty: `messages` holds no text, image, file or tool call. Add at least one user message.',
      'messages',
    );
  }
  if (sent[0]!.role === 'assistant' && !capabilities.assistantFirst) {
    sent.unshift({ role: 'user', units: [[{ text: said.opening }]] });
    warn(draft, 'a user turn added before the first assistant message');
  }
  const last = sent.at(-1)!;
  if (last.role !== 'assistant') return;
  if (capabilities.assistantLast) trimEnd(last.units);
  else {
    sent.push({ role: 'user', units: [[{ text: said.continuing }]] });
    warn(draft, 'a user turn added after the last assistant message: the model takes no prefill');
  }
}

/** Claude: "final assistant content cannot end with trailing whitespace". */
function trimEnd(units: Unit[]): void {
  const [block, ...cachePoints] = units.at(-1)!;
  if (isText(block)) units[units.length - 1] = [{ text: block.text.trimEnd() }, ...cachePoints];
}

/**
 * Llama, Mistral and Writer: "Conversation blocks and tool result blocks cannot be provided in the same
 * turn". Bedrock joins neighbouring turns of one role, so an assistant turn must stand between.
 */
function separateResults(sent: Sent[]): Sent[] {
  return sent.flatMap((turn) => {
    const split = turn.units.findIndex(([block]) => !isToolResult(block));
    if (turn.role !== 'user' || split <= 0) return [turn];
    return [
      { role: turn.role, units: turn.units.slice(0, split) },
      { role: 'assistant' as const, units: [[{ text: said.resultsReceived }]] as Unit[] },
      { role: turn.role, units: turn.units.slice(split) },
    ];
  });
}

function toMessage({ role, units }: Sent): Message {
  const content: ContentBlock[] = [];
  for (const unit of units) content.push(...unit);
  // Bedrock: "A text block must be included when using documents."
  if (content.some((block) => 'document' in block) && !content.some(isText)) {
    content.push({ text: said.document });
  }
  return { role, content };
}
