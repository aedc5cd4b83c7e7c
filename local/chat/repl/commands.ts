import { efforts } from '../../../lambda/canonical/request.ts';
import { listLines, skippedLines } from '../../conversations/lines.ts';
import { showTotal, totalsOf } from '../../conversations/money.ts';
import { attachAll } from '../attach.ts';
import { failureOf } from '../told.ts';
import { exportTo } from './export.ts';
import { pathOf } from './path.ts';
import type { Conversing } from './repl.ts';
import { replay } from './replay.ts';

export interface SlashCommand {
  /** What stands behind its name. */
  takes: string;
  about: string;
  /** `argument`: all that stands behind the name, without white space around it. */
  run(conversing: Conversing, argument: string): void | Promise<void>;
}

/** In the order of `/help`. */
export const commands: Readonly<Record<string, SlashCommand>> = {
  help: {
    takes: '',
    about: 'this list',
    run: ({ tell }) => tell(help()),
  },
  model: {
    takes: '[name]',
    about: 'which model is asked, or another from now on; Tab completes names',
    run({ session, tell }, name) {
      if (name !== '') session.conversation = { ...session.conversation, model: name };
      tell(`${name === '' ? 'The model is' : 'From now on'} ${session.conversation.model}.`);
    },
  },
  system: {
    takes: '[text|none]',
    about: 'the system prompt, or another one',
    run({ session, tell }, text) {
      if (text !== '') session.change({ system: text === 'none' ? undefined : text });
      const { system } = session.conversation.settings;
      tell(system === undefined ? 'There is no system prompt.' : `System prompt: ${system}`);
    },
  },
  think: {
    takes: `[${efforts.join('|')}|default|show|hide]`,
    about: 'how hard the model thinks, and whether its reasoning is shown',
    run: think,
  },
  attach: {
    takes: '[file]',
    about: 'sends an image, a document or a text with the next question',
    run: attach,
  },
  retry: {
    takes: '',
    about: 'asks the last question again, in place of its answer',
    run: ({ session, show }) => show((signal, listener) => session.retry(signal, listener)),
  },
  undo: {
    takes: '',
    about: 'takes the last question and its answer back',
    async run({ session, tell }) {
      tell((await session.undo()) ? 'Taken back.' : 'There is nothing to take back.');
    },
  },
  usage: {
    takes: '',
    about: 'tokens and cost of this conversation',
    run: ({ session, tell }) => tell(usage(session.conversation)),
  },
  save: {
    takes: '[title]',
    about: 'writes the conversation to its file now, under another title if one is given',
    run: save,
  },
  list: {
    takes: '',
    about: 'the latest conversations',
    run: list,
  },
  resume: {
    takes: '<id>',
    about: 'goes on with another conversation',
    run: resume,
  },
  export: {
    takes: '[markdown|json] [file]',
    about: 'the conversation as a file, or here',
    run: exportTo,
  },
  clear: {
    takes: '',
    about: 'begins a new conversation; this one is kept',
    run({ session, tell }) {
      session.clear();
      tell('A new conversation.');
    },
  },
  quit: {
    takes: '',
    about: 'leaves, as Ctrl-D does',
    run: ({ leave }) => leave(),
  },
};

/** The command that a line is, if it is one. A path at the beginning of a question is none: `/etc/hosts is …`. */
export function findCommand(text: string): ((conversing: Conversing) => void | Promise<void>) | undefined {
  const [, name, argument = ''] = /^\/([a-z]+)(?:\s+(.*))?$/s.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return ({ tell }) => tell(`There is no command /${name}. /help lists those there are.`);
  return async (conversing) => {
    try {
      await command.run(conversing, argument.trim());
    } catch (error) {
      conversing.tell(failureOf(error));
    }
  };
}

function help(): string {
  const lines = Object.entries(commands).map(([name, { takes, about }]) =>
    [`/${name} ${takes}`.trimEnd(), `    ${about}`].join('\n'),
  );
  return [
    ...lines,
    'A \\ at the end of a line goes on in the next. Ctrl-C stops an answer, twice leaves.',
  ].join('\n');
}

function think({ session, tell }: Conversing, argument: string): void {
  const effort = efforts.find((each) => each === argument);
  if (effort || argument === 'default') session.change({ effort });
  else if (argument === 'show' || argument === 'hide') session.showReasoning = argument === 'show';
  else if (argument !== '') {
    tell(`/think takes ${efforts.join(', ')}, default, show or hide.`);
    return;
  }
  const { effort: now = 'the model’s own default' } = session.conversation.settings;
  tell(`Effort: ${now}. Reasoning is ${session.showReasoning ? 'shown' : 'hidden'}.`);
}

async function attach({ session, tell }: Conversing, argument: string): Promise<void> {
  if (argument !== '') session.attached.push(...(await attachAll([pathOf(argument)])));
  const { length } = session.attached;
  tell(
    length === 0
      ? 'Nothing is attached.'
      : `${length} ${length === 1 ? 'file goes' : 'files go'} with the next question.`,
  );
}

function usage(conversation: Conversing['session']['conversation']): string {
  const totals = totalsOf(conversation);
  const about = totals.estimated ? 'about ' : '';
  const cached = totals.cached > 0 ? `, ${totals.cached} read from the cache` : '';
  return `${totals.answers} answers, ${about}${totals.input} tokens in${cached}, ${totals.output} out. Cost: ${showTotal(totals)}.`;
}

async function save({ session, tell }: Conversing, title: string): Promise<void> {
  if (title !== '') session.conversation = { ...session.conversation, title };
  if (!session.store) return tell('This conversation is not kept (--no-save).');
  const path = await session.save();
  if (path !== undefined) tell(`Kept in ${path}`);
}

const listed = 20;

async function list({ session, tell }: Conversing): Promise<void> {
  if (!session.store) return tell('Conversations are not kept (--no-save).');
  const { listed: all, skipped } = await session.store.list();
  if (all.length === 0 && skipped.length === 0) return tell('There is none yet.');
  const more = all.length > listed ? `and ${all.length - listed} more: npx gateway conversations list\n` : '';
  tell(`${listLines(all.slice(0, listed))}${more}${skippedLines(skipped)}`.trimEnd());
}

async function resume(conversing: Conversing, id: string): Promise<void> {
  const { session, tell } = conversing;
  if (!session.store) return tell('Conversations are not kept (--no-save).');
  if (id === '') return tell('Which one? /list has their ids.');
  session.resume(await session.store.load(id));
  replay(conversing);
}
