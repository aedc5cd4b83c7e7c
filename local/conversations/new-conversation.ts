import { randomBytes } from 'node:crypto';
import {
  type Conversation,
  type ConversationSettings,
  formatName,
  formatVersion,
  type Turn,
} from './format.ts';

export const newId = (): string => randomBytes(6).toString('hex');

/** Has no turn and no file yet. */
export function newConversation(model: string, settings: ConversationSettings, now: number): Conversation {
  const at = new Date(now).toISOString();
  return {
    format: formatName,
    version: formatVersion,
    id: newId(),
    createdAt: at,
    updatedAt: at,
    revision: 0,
    title: '',
    model,
    settings,
    turns: [],
  };
}

/** `{conversation-id}_{timestamp}.json`; the time is that of its beginning, so that the name stays. */
export function fileNameOf({ id, createdAt }: Pick<Conversation, 'id' | 'createdAt'>): string {
  return `${id}_${createdAt.replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}.json`;
}

export const fileNamePattern = /^([0-9a-f]{12})_\d{8}T\d{6}Z\.json$/;

const titleLength = 60;

/** What the first question begins with; texts that were attached stand before it. */
export function titleOf(turns: readonly Turn[]): string {
  const asked = turns.find(({ role }) => role === 'user')?.content ?? [];
  const text = asked.flatMap((block) => ('text' in block ? [block.text] : [])).at(-1) ?? '';
  const line = text.trim().split('\n')[0]?.trim() ?? '';
  // What is piped in may be one line of megabytes.
  const characters = [...new Intl.Segmenter().segment(line.slice(0, 20 * titleLength))];
  if (characters.length <= titleLength) return line.slice(0, 20 * titleLength);
  const kept = characters.slice(0, titleLength - 1).map(({ segment }) => segment);
  return `${kept.join('').trimEnd()}…`;
}
