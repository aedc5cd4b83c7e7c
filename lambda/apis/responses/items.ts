import { list } from '../../canonical/json.ts';
import type { ContentBlock, Message, SystemBlock } from '../../canonical/types.ts';
import { pushCachePoint } from '../content/cache-marks.ts';
import { type ReadPart, readContent } from '../content/parts.ts';
import { type Fields, notAllowed, readName, readObject } from '../shared/json.ts';
import { AssistantTurn } from './assistant-turn.ts';
import {
  type CallType,
  calledTool,
  callIdOf,
  isCallType,
  isOutputType,
  type OutputType,
} from './call-types.ts';
import { readCall, readOutput } from './calls.ts';
import { openCall, openContent } from './carried-state.ts';
import { summaryText } from './compaction.ts';
import { type FromStore, itemPath } from './item-path.ts';
import { Losses } from './losses.ts';
import { type CallContext, OpenCalls } from './open-calls.ts';
import { assistantParts, plainParts, userParts } from './parts.ts';
import { openText } from './sealed.ts';
import type { FoundTool } from './tool-reading.ts';

export interface ConversationContext extends CallContext {
  /** By the place of a `tool_search_output` in the input: the tools that it found. */
  found: ReadonlyMap<number, readonly FoundTool[]>;
  stored?: FromStore | undefined;
}

export interface Conversation {
  system: SystemBlock[];
  messages: Message[];
  /** The client wants a summary of all this instead of an answer. */
  compaction: boolean;
  /** Items and parts without effect, as the client spelled them. */
  ignored: string[];
  /** What was lost on the way to the client and back. */
  warnings: string[];
}

/**
 * The items of an input as messages: all that the model said in a row is one turn, and so is all that was said to
 * it in a row. Leading developer and system messages become system blocks, later ones stay in their place with role `system`.
 * What is not known is left out and named: items that OpenAI's own tools have left, and what is newer than this.
 */
export function readItems(
  input: string | readonly unknown[],
  instructions: string | undefined,
  context: ConversationContext,
): Conversation {
  const reading = new Reading(context);
  if (instructions !== undefined) reading.system.push({ text: instructions });
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  for (const [i, item] of items.entries()) reading.add(readObject(item, itemPath(i, context.stored)), i);
  return reading.end();
}

class Reading {
  readonly system: SystemBlock[] = [];
  readonly #messages: Message[] = [];
  readonly #context: ConversationContext;
  readonly #open = new OpenCalls();
  readonly #ignored = new Map<string, string>();
  #turn: AssistantTurn | undefined;
  #hasLeading = false;
  #compaction = false;
  readonly #losses = new Losses();

  constructor(context: ConversationContext) {
    this.#context = context;
  }

  add(item: Fields, index: number): void {
    const path = itemPath(index, this.#context.stored);
    const type = typeOf(item);
    if (isCallType(type)) this.#addCall(type, item, path);
    else if (isOutputType(type)) this.#addOutput(type, item, index);
    else {
      switch (type) {
        case 'message':
          this.#addMessage(item, path);
          break;
        case 'reasoning':
          this.#addReasoning(item);
          break;
        case 'item_reference':
          this.#addReference(item, path);
          break;
        case 'compaction':
        case 'context_compaction':
        case 'compaction_summary':
          this.#addSummary(item);
          break;
        case 'agent_message':
          this.#addAgentMessage(item, path);
          break;
        case 'compaction_trigger':
          this.#compaction = true;
          break;
        // Read before: tools are the request's, and so is what is configured.
        case 'additional_tools':
        case 'configuration_update':
          break;
        default:
          this.#ignore(type, path);
      }
    }
  }

  end(): Conversation {
    this.#endTurn();
    const messages = this.#messages;
    const rest = {
      compaction: this.#compaction,
      ignored: [...this.#ignored.values()],
      warnings: this.#losses.warnings(),
    };
    // Instructions alone are a request of their own to OpenAI's models; Converse wants a user's turn.
    if (messages.length === 0 && this.#hasLeading) {
      return { system: [], messages: [{ role: 'user', content: this.system }], ...rest };
    }
    return { system: this.system, messages, ...rest };
  }

  #addMessage(item: Fields, path: string): void {
    const { role } = item;
    if (role === 'user') this.#say('user', this.#contentOf(item, path, userParts));
    else if (role === 'assistant') {
      const unknown = (type: unknown, where: string) => this.#ignore(String(type), where);
      this.#assistant.addContent(this.#contentOf(item, path, assistantParts, unknown));
    } else if (role === 'developer' || role === 'system') {
      this.#instruct(this.#contentOf(item, path, plainParts));
    } else throw notAllowed(role, `${path}.role`, roles);
  }

  /** What another agent says to this one, as Codex hands it on: to the model it comes from outside, as a user's words do. */
  #addAgentMessage(item: Fields, path: string): void {
    const unknown = (type: unknown, where: string) => this.#ignore(String(type), where);
    const content = this.#contentOf(item, path, plainParts, unknown);
    if (content.length === 0) return;
    const { author } = item;
    const from = typeof author === 'string' && author !== '' ? [{ text: `Message from ${author}:` }] : [];
    this.#say('user', [...from, ...content]);
  }

  #contentOf(
    item: Fields,
    path: string,
    parts: Readonly<Record<string, ReadPart>>,
    unknown?: (type: unknown, where: string) => void,
  ): ContentBlock[] {
    const content = readContent(item.content, `${path}.content`, parts, this.#context, unknown);
    return this.#marked(content, item);
  }

  #instruct(content: ContentBlock[]): void {
    this.#endTurn();
    this.#hasLeading ||= this.#messages.length === 0;
    if (this.#messages.length > 0) this.#say('system', content);
    else for (const block of content) this.system.push(block as SystemBlock);
  }

  #addReasoning(item: Fields): void {
    const content = item.encrypted_content;
    const blocks = openContent(content, this.#context);
    if (blocks) this.#assistant.addReasoning(blocks);
    else this.#assistant.addUnproven(idOf(item), summaryOf(item), typeof content === 'string');
  }

  #addReference(item: Fields, path: string): void {
    const id = readName(item.id, `${path}.id`);
    if (id.startsWith('rs_')) this.#assistant.addUnproven(id);
    else this.#assistant.addReference(id, path);
  }

  #addCall(type: CallType, item: Fields, path: string): void {
    const opened = openCall(readName(callIdOf(item), `${path}.call_id`), this.#context);
    const blocks = readCall(type, item, opened.toolUseId, path, this.#context);
    this.#open.add(item, opened.toolUseId, this.#context.names.nameOf(calledTool(type, item, path)));
    this.#assistant.addCall(this.#marked(blocks, item), opened);
  }

  #addOutput(type: OutputType, item: Fields, index: number): void {
    const path = itemPath(index, this.#context.stored);
    const { found } = this.#context;
    const toolUseId = this.#open.answer(type, item, path, this.#context);
    this.#say(
      'user',
      this.#marked(readOutput(type, item, toolUseId, path, this.#context, found.get(index)), item),
    );
  }

  #addSummary(item: Fields): void {
    const { stateKey, bytes } = this.#context;
    const sealed = item.encrypted_content;
    const summary = typeof sealed === 'string' ? openText(sealed, stateKey, bytes) : undefined;
    if (summary === undefined) this.#losses.summaries += 1;
    else this.#say('user', [{ text: summaryText(summary) }]);
  }

  #say(role: Message['role'], content: ContentBlock[]): void {
    this.#endTurn();
    const last = this.#messages.at(-1);
    if (last?.role === role) for (const block of content) last.content.push(block);
    else this.#messages.push({ role, content });
  }

  get #assistant(): AssistantTurn {
    this.#turn ??= new AssistantTurn(this.#context.bytes, this.#context.stored !== undefined);
    return this.#turn;
  }

  #endTurn(): void {
    const turn = this.#turn;
    if (!turn) return;
    this.#turn = undefined;
    const content = turn.end();
    this.#losses.reasoning += turn.losses.reasoning;
    this.#losses.calls += turn.losses.calls;
    if (content.length > 0) this.#messages.push({ role: 'assistant', content });
  }

  #marked(blocks: ContentBlock[], item: Fields): ContentBlock[] {
    pushCachePoint(blocks, item);
    return blocks;
  }

  /** The first of each type, because there may be many. */
  #ignore(type: string, path: string): void {
    const short = type.slice(0, 64);
    if (!this.#ignored.has(short)) this.#ignored.set(short, `${path} (${short})`);
  }
}

const roles = ['user', 'assistant', 'system', 'developer'] as const;

/** OpenAI takes messages and references without a type. */
function typeOf(item: Fields): string {
  if (typeof item.type === 'string') return item.type;
  return item.role === undefined && typeof item.id === 'string' ? 'item_reference' : 'message';
}

const idOf = ({ id }: Fields): string | undefined => (typeof id === 'string' ? id : undefined);

/** The text that the client shows of reasoning. */
const summaryOf = ({ summary, content }: Fields): string => {
  const parts = list(summary).length > 0 ? list(summary) : list(content);
  return parts.map(({ text }) => (typeof text === 'string' ? text : '')).join('');
};
