import type { ContentBlock } from '../../lambda/canonical/types.ts';
import type { Conversation, Turn } from './format.ts';
import { showMoney, showTotal, totalsOf } from './money.ts';

/** A conversation to read, and to paste elsewhere. Reasoning is told apart; files are named, not held. */
export function asMarkdown(conversation: Conversation): string {
  const { title, id, createdAt, settings, turns } = conversation;
  const head = [
    `# ${title || 'Conversation'}`,
    `Conversation ${id}, begun ${createdAt}. Cost: ${showTotal(totalsOf(conversation))}`,
    ...(settings.system === undefined ? [] : [`## System\n\n${settings.system}`]),
  ];
  return `${[...head, ...turns.map(turnText)].join('\n\n')}\n`;
}

function turnText(turn: Turn): string {
  const body = turn.content.map(blockText).filter(Boolean).join('\n\n');
  if (turn.role === 'user') return `## You\n\n${body}`;
  const { model, stopReason, cost } = turn;
  const where = model.region ? ` in ${model.region}` : '';
  return `## ${model.used ?? model.asked}${where}\n\n${body}\n\n*${stopReason}, ${showMoney(cost)}*`;
}

function blockText(block: ContentBlock): string {
  if ('text' in block) return block.text;
  if ('citationsContent' in block)
    return (block.citationsContent.content ?? []).map(({ text }) => text).join('');
  if ('reasoningContent' in block) {
    const text = block.reasoningContent.reasoningText?.text;
    return text ? quoted(text) : '';
  }
  if ('image' in block) return `*[image: ${block.image.format}${sizeOf(block.image.source.bytes)}]*`;
  if ('document' in block)
    return `*[document: ${block.document.name}${sizeOf(block.document.source.bytes)}]*`;
  if ('toolUse' in block) return `*[call: ${block.toolUse.name}]*\n\n${fenced(block.toolUse.input)}`;
  return `*[${Object.keys(block)[0]}]*`;
}

const quoted = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');

const fenced = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

/** Of base64. */
const sizeOf = (bytes: string | undefined): string =>
  bytes === undefined ? '' : `, ${Math.floor((bytes.length * 3) / 4).toLocaleString('en')} bytes`;
