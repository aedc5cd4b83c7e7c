import { open } from 'node:fs/promises';
import { asMarkdown } from '../../conversations/as-markdown.ts';
import { cleanText } from '../screen/clean-text.ts';
import { pathOf } from './path.ts';
import type { Conversing } from './repl.ts';

/** `/export [markdown|json] [file]`: a file that is there already stays as it is. */
export async function exportTo({ session, io, tell }: Conversing, argument: string): Promise<void> {
  const [, format = 'markdown', rest = ''] = /^(markdown|json)?(?:(?:^|\s+)(.*))?$/s.exec(argument) ?? [];
  const { conversation } = session;
  const text = format === 'json' ? `${JSON.stringify(conversation, null, 2)}\n` : asMarkdown(conversation);
  if (rest.trim() === '') {
    io.stdout.write(cleanText(text));
    return;
  }
  const path = pathOf(rest.trim());
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(text);
    await file.close();
    tell(`Exported to ${path}`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    tell(
      code === 'EEXIST' ? `${path} is there already: name another.` : `${path} cannot be written (${code}).`,
    );
  }
}
