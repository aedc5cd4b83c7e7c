import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { efforts } from '../../../lambda/canonical/request.ts';
import type { Session } from '../session.ts';
import type { SlashCommand } from './commands.ts';
import type { Complete } from './line-reader.ts';
import { pathOf } from './path.ts';

/** What Tab offers: commands, and what may stand behind them. */
export function createCompleter(
  session: Session,
  commands: Readonly<Record<string, SlashCommand>>,
): Complete {
  let models: Promise<string[]> | undefined;
  const offers: Record<string, (part: string) => Promise<string[]>> = {
    model: () => {
      models ??= session.connection.models();
      // Whoever could not list them may try again.
      models.catch(() => {
        models = undefined;
      });
      return models;
    },
    think: async () => [...efforts, 'default', 'show', 'hide'],
    export: async () => ['markdown', 'json'],
    resume: async () => ((await session.store?.list())?.listed ?? []).map(({ id }) => id),
    attach: files,
  };
  return async (line) => {
    const [, name, part] = /^\/([a-z]*)(?:\s+(.*))?$/.exec(line) ?? [];
    if (name === undefined) return [[], line];
    if (part === undefined) {
      const names = Object.keys(commands).filter((each) => each.startsWith(name));
      return [names.map((each) => `/${each}${commands[each]?.takes ? ' ' : ''}`), line];
    }
    const offer = Object.hasOwn(offers, name) ? offers[name] : undefined;
    return [matching((await offer?.(part)) ?? [], part), part];
  };
}

/** What begins with it; else what has it within, as few people know a model's name from its beginning. */
function matching(names: readonly string[], part: string): string[] {
  const begun = names.filter((name) => name.startsWith(part));
  if (begun.length > 0 || part === '') return begun;
  const within = names.filter((name) => name.includes(part));
  // The editor would put what several have in common in place of what was typed: the empty one has nothing in common.
  return within.length > 1 ? [...within, ' '] : within;
}

async function files(part: string): Promise<string[]> {
  const typed = part.replaceAll(/[^/]*$/g, '');
  const folder = part.endsWith('/') ? pathOf(part) : dirname(pathOf(part || './'));
  const beginning = part.endsWith('/') || part === '' ? '' : basename(part);
  const entries = await readdir(join(folder), { withFileTypes: true }).catch(() => []);
  return entries
    .filter(({ name }) => name.startsWith(beginning) && (beginning.startsWith('.') || !name.startsWith('.')))
    .map((entry) => `${typed}${entry.name}${entry.isDirectory() ? '/' : ''}`);
}
