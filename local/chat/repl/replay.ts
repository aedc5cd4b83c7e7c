import { textOf } from '../answer.ts';
import { cleanText } from '../screen/clean-text.ts';
import { MarkdownStream } from '../screen/markdown-stream.ts';
import { isRich } from '../screen/view.ts';
import type { Conversing } from './repl.ts';

/** Where a conversation stands: its last question, and the answer. */
export function replay({ session, io, tell }: Conversing): void {
  const { id, title, model, turns } = session.conversation;
  tell(`Conversation ${id}: ${title} (${turns.length} turns, ${model})`);
  for (const { role, content } of turns.slice(-2)) {
    const text = textOf(content);
    if (role === 'user') tell(`> ${text}`);
    else if (isRich(io)) {
      const markdown = new MarkdownStream(io.stdout);
      markdown.push(text);
      markdown.end();
    } else io.stdout.write(`${cleanText(text)}\n`);
  }
}
