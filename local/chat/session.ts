import type { ContentBlock } from '../../lambda/canonical/types.ts';
import type { AssistantTurn, Conversation, ConversationSettings, UserTurn } from '../conversations/format.ts';
import { newConversation, titleOf } from '../conversations/new-conversation.ts';
import type { Store } from '../conversations/store.ts';
import { type Answer, answerTo, type Listener } from './answer.ts';
import type { Connection } from './connection.ts';
import type { Person } from './person.ts';

export interface SessionOptions {
  connection: Connection;
  /** undefined: nothing is kept. */
  store: Store | undefined;
  model: string;
  settings: ConversationSettings;
  showReasoning: boolean;
  /** Whether more than one question is asked. */
  goesOn: boolean;
  person: Person;
  now?: () => number;
}

/** One conversation under way: what is asked next, and what becomes of the answer. */
export class Session {
  conversation: Conversation;
  showReasoning: boolean;
  /** Goes out with the next question. */
  attached: ContentBlock[] = [];
  #kept = false;
  /** Asked, and not answered: nothing had begun. */
  #unanswered: UserTurn | undefined;
  readonly #options: SessionOptions;

  constructor(options: SessionOptions, conversation?: Conversation) {
    const { model, settings, now = Date.now } = options;
    this.#options = options;
    this.showReasoning = options.showReasoning;
    this.conversation = conversation ?? newConversation(model, settings, now());
  }

  get store(): Store | undefined {
    return this.#options.store;
  }

  /** Whether what was said last is in its file. */
  get kept(): boolean {
    return this.#kept;
  }

  get person(): Person {
    return this.#options.person;
  }

  get connection(): Connection {
    return this.#options.connection;
  }

  /** Rejects with a GatewayError where no answer has begun; the question can then be asked again. */
  ask(text: string, signal: AbortSignal, listener?: Listener): Promise<Answer> {
    const content: ContentBlock[] = [...this.attached, { text }];
    this.attached = [];
    return this.#run({ role: 'user', at: this.#time(), content }, signal, listener);
  }

  /** Asks the last question again, in place of its answer. undefined: there is none. */
  retry(signal: AbortSignal, listener?: Listener): Promise<Answer> | undefined {
    if (this.#unanswered) return this.#run(this.#unanswered, signal, listener);
    const before = this.conversation;
    const question = this.#takeBack();
    return (
      question &&
      this.#run(question, signal, listener).catch((error: unknown) => {
        // Nothing has come in its place: the answer that was there stays.
        this.conversation = before;
        this.#unanswered = undefined;
        throw error;
      })
    );
  }

  /** Takes the last question and its answer back. Resolves with whether there were any. */
  async undo(): Promise<boolean> {
    if (this.#unanswered) {
      this.#unanswered = undefined;
      return true;
    }
    if (!this.#takeBack()) return false;
    await this.save();
    return true;
  }

  /** Begins anew with the same model and settings. What was said is kept in its file. */
  clear(): void {
    const { model, settings } = this.conversation;
    this.conversation = newConversation(model, settings, (this.#options.now ?? Date.now)());
    this.attached = [];
    this.#unanswered = undefined;
  }

  resume(conversation: Conversation): void {
    this.conversation = conversation;
    this.attached = [];
    this.#unanswered = undefined;
  }

  change(settings: Partial<ConversationSettings>): void {
    const changed = { ...this.conversation.settings, ...settings };
    this.conversation = { ...this.conversation, settings: changed };
  }

  /** Resolves with the path of the file; undefined where it could not be written, which is told. */
  async save(): Promise<string | undefined> {
    const { store, person } = this.#options;
    if (!store) return undefined;
    this.#kept = false;
    try {
      const { conversation, path, forked } = await store.save(this.conversation);
      if (forked) {
        person.tell(
          `Another program has changed this conversation: from here on it is kept as ${conversation.id}.`,
        );
      }
      this.conversation = conversation;
      this.#kept = true;
      return path;
    } catch (error) {
      person.tell(
        `The conversation could not be kept: ${whyNotKept(error)}. What was said since is only here.`,
      );
      return undefined;
    }
  }

  async #run(question: UserTurn, signal: AbortSignal, listener?: Listener): Promise<Answer> {
    const { connection, goesOn } = this.#options;
    const { model, settings, turns } = this.conversation;
    this.#unanswered = question;
    const { showReasoning } = this;
    const asked = { model, settings, turns: [...turns, question], showReasoning, goesOn };
    const answer = await answerTo(connection, asked, signal, listener);
    this.#unanswered = undefined;
    const all = [...turns, question, answer.turn];
    const title = this.conversation.title || titleOf(all);
    this.conversation = { ...this.conversation, title, turns: all };
    await this.save();
    return answer;
  }

  /** The last question, without its answer; what the answer has cost is remembered. */
  #takeBack(): UserTurn | undefined {
    const { turns, dropped = [] } = this.conversation;
    const at = turns.findLastIndex(({ role }) => role === 'user');
    const question = turns[at];
    if (question?.role !== 'user') return undefined;
    const answers = turns.slice(at).filter((turn): turn is AssistantTurn => turn.role === 'assistant');
    this.conversation = {
      ...this.conversation,
      turns: turns.slice(0, at),
      dropped: [...dropped, ...answers.map((turn) => ({ ...turn, content: [] }))],
    };
    return question;
  }

  #time(): string {
    return new Date((this.#options.now ?? Date.now)()).toISOString();
  }
}

const codes: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota of disk space is used up',
  EACCES: 'its folder may not be written to',
  EPERM: 'its folder may not be written to',
  EROFS: 'the file system is read-only',
  EEXIST: 'a file is where its folder should be',
  ENOTDIR: 'a file is where its folder should be',
};

export function whyNotKept(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (codes[code]) return codes[code];
  return code === '' && error instanceof Error ? error.message : `it cannot be written (${code || error})`;
}
