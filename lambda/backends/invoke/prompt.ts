import type { ConverseRequest } from '../../canonical/types.ts';
import { field, note } from '../../fields.ts';
import { systemText, turnText } from './block-text.ts';
import { cannotCarry } from './refuse.ts';
import { type ChatTemplate, renderPrompt, type Turn } from './templates/template.ts';
import { templates } from './templates/templates.ts';

/** The request as one prompt. Throws a 400 for what is not text. */
export function promptOf(request: ConverseRequest, template: ChatTemplate = templates.plain): string {
  if (request.toolConfig) throw cannotCarry('tools', field('tools'));
  const turns: Turn[] = [];
  request.messages.forEach(({ role, content }, index) => {
    const text = turnText(role, content, note`${field('messages', index)}.content`);
    const speaker = role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    // Models were trained on turns that alternate.
    if (last?.role === speaker) last.text += `\n\n${text}`;
    else turns.push({ role: speaker, text });
  });
  return renderPrompt(template, systemText(request.system), turns);
}
