import { existsSync } from 'node:fs';
import { cleanText } from '../chat/screen/clean-text.ts';
import { MarkdownStream } from '../chat/screen/markdown-stream.ts';
import { isRich } from '../chat/screen/view.ts';
import { asMarkdown } from '../conversations/as-markdown.ts';
import type { Conversation } from '../conversations/format.ts';
import { listLines, skippedLines } from '../conversations/lines.ts';
import { totalsOf } from '../conversations/money.ts';
import { openStore } from '../conversations/open-store.ts';
import type { Listed, Store } from '../conversations/store.ts';
import type { Io } from '../io.ts';
import { readUserSettings } from '../user-settings/read.ts';
import { exit, readArgs, reporting, UsageError } from './command.ts';

const usage = `Usage: gateway conversations list [--json]
       gateway conversations show <id>
       gateway conversations resume <id> [options of gateway chat]
       gateway conversations export <id> [--format markdown|json]
       gateway conversations delete <id> …
       gateway conversations prune --older-than 30d [--dry-run]

Conversations of \`gateway chat\`. An id may be shortened to its beginning. Encrypted ones are opened with
CONVERSATIONS_PASSPHRASE, a passphrase that is asked for, or KMS; a list opens only what CONVERSATIONS_PASSPHRASE does.`;

/** `gateway conversations`: what is kept, and what becomes of it. */
export async function run(args: string[], io: Io): Promise<number> {
  const [action = '', ...rest] = args;
  if (action === 'resume') return resume(rest, io);
  return reporting(io, usage, async () => {
    if (['--help', '-h', 'help'].includes(action)) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    const work = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!work)
      throw new UsageError(action === '' ? 'Say what to do.' : `There is no conversations ${action}.`);
    const store = openStore(await readUserSettings(io.env), io);
    return work(rest, store, io);
  });
}

/** Is the chat's own `--resume`. */
async function resume(args: string[], io: Io): Promise<number> {
  const chat = await import('./chat.ts');
  const [id, ...options] = args;
  if (id !== undefined && !id.startsWith('-')) return chat.run(['--resume', id, ...options], io);
  return reporting(io, usage, async () => {
    if (id === '--help' || id === '-h') {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    throw new UsageError('Which one? conversations resume takes an id.');
  });
}

type Action = (args: string[], store: Store, io: Io) => Promise<number>;

const actions: Record<string, Action> = {
  list: async (args, store, io) => {
    const { values, positionals } = readArgs(args, { json: { type: 'boolean' } });
    demand(positionals, 0, 'list takes nothing but --json.');
    const { listed, skipped } = await store.list();
    if (values.json) io.stdout.write(`${JSON.stringify(listed.map(summary), null, 2)}\n`);
    else if (listed.length > 0) io.stdout.write(cleanText(listLines(listed)));
    io.stderr.write(listed.length === 0 ? `There is none in ${store.folder}.\n` : '');
    io.stderr.write(cleanText(skippedLines(skipped)));
    return exit.ok;
  },
  show: async (args, store, io) => {
    const { positionals } = readArgs(args, {});
    const [id] = demand(positionals, 1, 'show takes an id.');
    const text = asMarkdown(await store.load(id));
    if (!isRich(io)) io.stdout.write(io.stdout.isTTY ? cleanText(text) : text);
    else {
      const markdown = new MarkdownStream(io.stdout);
      markdown.push(text);
      markdown.end();
    }
    return exit.ok;
  },
  export: async (args, store, io) => {
    const { values, positionals } = readArgs(args, { format: { type: 'string', default: 'markdown' } });
    const [id] = demand(positionals, 1, 'export takes an id.');
    const write = Object.hasOwn(formats, values.format) ? formats[values.format] : undefined;
    if (!write)
      throw new UsageError(`--format is ${JSON.stringify(values.format)}: it must be markdown or json.`);
    io.stdout.write(write(await store.load(id)));
    return exit.ok;
  },
  delete: async (args, store, io) => {
    const { positionals } = readArgs(args, {});
    if (positionals.length === 0) throw new UsageError('delete takes the ids of what is to be deleted.');
    for (const id of positionals) io.stderr.write(`Deleted ${await store.remove(id)}.\n`);
    return exit.ok;
  },
  prune: async (args, store, io) => {
    const { values, positionals } = readArgs(args, {
      'older-than': { type: 'string' },
      'dry-run': { type: 'boolean' },
    });
    demand(positionals, 0, 'prune takes options only.');
    const before = new Date(Date.now() - ageOf(values['older-than'])).toISOString();
    const { listed, skipped } = await store.list();
    const old = listed.filter(({ updatedAt }) => updatedAt < before);
    for (const { id, path } of old)
      if (!values['dry-run'])
        await store.remove(id).catch((error: unknown) => {
          // Another program prunes the same folder.
          if (existsSync(path)) throw error;
        });
    const names = old.map(({ id }) => `${id}\n`).join('');
    io.stdout.write(names);
    io.stderr.write(`${values['dry-run'] ? 'Would delete' : 'Deleted'} ${old.length} of ${listed.length}.\n`);
    io.stderr.write(cleanText(skippedLines(skipped)));
    return exit.ok;
  },
};

export const formats: Record<string, (conversation: Conversation) => string> = {
  markdown: asMarkdown,
  json: (conversation) => `${JSON.stringify(conversation, null, 2)}\n`,
};

function summary({ id, updatedAt, path, conversation, encrypted }: Listed) {
  if (!conversation) return { id, updatedAt, path, encrypted };
  const { title, model, turns, createdAt } = conversation;
  const { usd, unpriced } = totalsOf(conversation);
  return { id, createdAt, updatedAt, path, title, model, turns: turns.length, cost: { usd, unpriced } };
}

function demand(positionals: string[], count: number, message: string): [string] {
  if (positionals.length !== count) throw new UsageError(message);
  return [positionals[0] ?? ''];
}

const units: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** Milliseconds. */
function ageOf(text = ''): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  const ms = units[unit];
  if (ms !== undefined) return Number(count) * ms;
  throw new UsageError('--older-than says how old: 12h, 30d or 8w.');
}
