import type { ContentBlock, GuardContentBlock, Json, JsonObject, SystemBlock } from '../canonical/types.ts';
import { field, note, written } from '../fields.ts';
import { mapContent } from './content.ts';
import { ignore, warn } from './notes.ts';
import type { Draft } from './types.ts';

/**
 * Marks are how a client says what a guardrail is to look at. One `guardContent` in the messages, and only such
 * blocks of all turns are assessed; tags whose suffix the request names do the same on InvokeModel
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html, guardrails-tagging).
 * Under a guardrail that is enforced none of the client's reaches Bedrock, so that everything is looked at: in the
 * messages that is what no mark means. A system prompt is assessed only where it is marked, and it is the
 * client's text as well, so all of it is.
 */
export function assessEverything(draft: Draft): void {
  const { request } = draft;
  const { system, messages } = request;
  if ([...(system ?? []), ...messages.flatMap(({ content }) => content)].some(isMark)) {
    warn(
      draft,
      note`${field('guardContent')} became plain text: the guardrail that is enforced here assesses all of it`,
    );
  }
  request.messages = mapContent(messages, withoutMarks);
  if (system) request.system = system.map(marked);
  dropGuardrailFields(draft);
}

const isMark = (block: object): block is GuardContentBlock => 'guardContent' in block;

function withoutMarks(content: ContentBlock[]): ContentBlock[] {
  return content.some(isMark)
    ? content.flatMap((block) => (isMark(block) ? plain(block) : [block]))
    : content;
}

function plain({ guardContent: { text, image } }: GuardContentBlock): ContentBlock[] {
  return [...(text ? [{ text: text.text }] : []), ...(image ? [{ image }] : [])];
}

/** `guard_content` is what Bedrock takes a block without a qualifier for; a client may have given it another one. */
function marked(block: SystemBlock): SystemBlock {
  const text = 'text' in block ? block.text : isMark(block) ? block.guardContent.text?.text : undefined;
  return text === undefined ? block : { guardContent: { text: { qualifiers: ['guard_content'], text } } };
}

/**
 * Members of a model's body with which Bedrock is instructed how to apply a guardrail; they begin so wherever they
 * stand. At the top, where InvokeModel reads them, other spellings go too: nothing else is called so.
 */
const bedrockMember = /^amazon-bedrock-/i;
const guardrailMember = /^amazon-bedrock-|guardrail|^tag_?suffix$/i;

function dropGuardrailFields(draft: Draft): void {
  const { additionalModelRequestFields: fields, ...rest } = draft.request;
  if (!fields) return;
  const dropped: string[] = [];
  const kept = without(fields, guardrailMember, dropped) as JsonObject;
  if (dropped.length === 0) return;
  for (const name of dropped) ignore(draft, written(name));
  draft.request = Object.keys(kept).length > 0 ? { ...rest, additionalModelRequestFields: kept } : rest;
}

function without(value: Json, names: RegExp, dropped: string[]): Json {
  if (Array.isArray(value)) return value.map((item) => without(item, bedrockMember, dropped));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => {
    if (names.test(name)) dropped.push(name);
    return !names.test(name);
  });
  return Object.fromEntries(kept.map(([name, member]) => [name, without(member, bedrockMember, dropped)]));
}
