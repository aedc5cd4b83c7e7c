import { ConfigError } from '../../lambda/config.ts';
import { AttachError, attachAll } from '../chat/attach.ts';
import type { Connection } from '../chat/connection.ts';
import { chatExit } from '../chat/exit-status.ts';
import { connectInProcess } from '../chat/in-process.ts';
import { oneShot } from '../chat/one-shot.ts';
import { type ChatOptions, readChatOptions } from '../chat/options.ts';
import { type Person, personAt } from '../chat/person.ts';
import { joined, readPiped } from '../chat/piped.ts';
import { Session } from '../chat/session.ts';
import type { Conversation } from '../conversations/format.ts';
import { openStore } from '../conversations/open-store.ts';
import { UnreadableFile } from '../conversations/parse.ts';
import { SealError } from '../conversations/seal.ts';
import { NotFound, type Store } from '../conversations/store.ts';
import type { Io } from '../io.ts';
import { isOnSimulator } from '../use-simulator.ts';
import { readUserSettings } from '../user-settings/read.ts';
import type { UserSettings } from '../user-settings/table.ts';
import { describe, UsageError } from './command.ts';

const usage = `Usage: gateway chat [options] [message]

Asks a model on Amazon Bedrock, in this process and with the AWS credentials of this machine. With a message, or with
something piped in, it answers once; without, it begins a conversation.

  -m, --model NAME       any name that clients may use: an id, a profile, an ARN, custom:<region>:<model-id>, an alias
      --fallback M1,M2   models to try after it
      --region REGION    the region to call, where the name says none
      --system TEXT      the system prompt
      --effort EFFORT    how hard it thinks: none, minimal, low, medium, high, xhigh, max
      --max-tokens N     tokens that the answer may have
      --temperature T    from 0 to 1
      --json-schema FILE the answer is JSON that fits the schema in the file
  -a, --attach FILE      an image, a document or a text; may be repeated
  -c, --continue         goes on with the latest conversation
      --resume ID        goes on with that conversation
      --no-reasoning     does not show what the model reasons
      --no-save          does not keep the conversation
      --json             one JSON object: text, reasoning, tool calls, usage, cost, model, warnings
      --url URL          asks a deployed gateway instead
      --key KEY          its key; better in GATEWAY_API_KEY, which other users of this machine cannot see

The answer alone goes to standard output. Exit statuses: 0 a complete answer · 1 no answer, perhaps later · 2 bad use ·
3 refused credentials · 4 a refused request · 5 a failure after it began · 6 cut at a limit or by a filter.`;

/** Of Amazon's own on AWS, which need neither a form nor a subscription; as \`gateway start\` has them. */
const firstModels = {
  simulator: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  aws: 'amazon.nova-lite-v1:0',
};

/** `gateway chat`. Resolves with the exit status. */
export async function run(args: string[], io: Io): Promise<number> {
  try {
    const set = await readUserSettings(io.env);
    const options = await readChatOptions(args, set, io.env);
    if (options.help) {
      io.stdout.write(`${usage}\n`);
      return chatExit.complete;
    }
    return await chat(options, set, io);
  } catch (error) {
    if (error instanceof UsageError)
      io.stderr.write(`${error.message}\n\ngateway chat --help says what it takes.\n`);
    else io.stderr.write(`${describe(error)}\n`);
    return misuses.some((kind) => error instanceof kind) ? chatExit.usage : chatExit.unavailable;
  }
}

/** What the person can put right. */
const misuses = [UsageError, ConfigError, AttachError, NotFound, UnreadableFile, SealError];

async function chat(options: ChatOptions, set: UserSettings, io: Io): Promise<number> {
  const isTerminal = io.stdin?.isTTY === true && io.stdout.isTTY === true;
  const text = joined(options.message, await readPiped(io));
  if (text === undefined && !isTerminal)
    throw new UsageError('There is nothing to ask: give a message, or pipe one in.');
  if (text?.trim() === '') throw new UsageError('There is nothing to ask: the message is empty.');
  if (text === undefined && options.json) throw new UsageError('--json is for one answer: give a message.');
  const attached = await attachAll(options.attach);
  const person = personAt(io);
  const ask = (question: string) => person.ask(question);
  const store = options.keep ? openStore(set, io, { ask }) : undefined;
  await store?.unlock();
  const before = await conversationOf(options, store);
  const connection = await connect(options, io);
  try {
    const session = createSession({
      options,
      before,
      goesOn: text === undefined,
      connection,
      store,
      person,
      io,
    });
    session.attached = attached;
    if (text !== undefined) return await oneShot(session, { text, json: options.json }, io);
    const { converse } = await import('../chat/repl/repl.ts');
    return await converse(session, io);
  } finally {
    await connection.close();
  }
}

async function conversationOf(
  { resume, last }: ChatOptions,
  store: Store | undefined,
): Promise<Conversation | undefined> {
  if (resume === undefined && !last) return undefined;
  if (!store)
    throw new UsageError('A conversation that is not kept cannot be continued: leave out --no-save.');
  const id = resume ?? (await store.list()).listed[0]?.id;
  if (id === undefined) throw new NotFound('There is no conversation yet.');
  return store.load(id);
}

async function connect({ url, key, region }: ChatOptions, { env }: Io): Promise<Connection> {
  if (url === undefined) {
    const name = isOnSimulator(env) ? 'the simulator' : 'Amazon Bedrock';
    return connectInProcess({ env, region, name });
  }
  if (key === undefined) throw new UsageError('--url needs a key: GATEWAY_API_KEY or --key.');
  const { connectToGateway } = await import('../chat/through-gateway.ts');
  return connectToGateway({ url, key, env });
}

interface Parts {
  options: ChatOptions;
  before: Conversation | undefined;
  goesOn: boolean;
  connection: Connection;
  store: Store | undefined;
  person: Person;
  io: Io;
}

function createSession({ options, before, goesOn, connection, store, person, io }: Parts): Session {
  const { given, usual, url, showReasoning } = options;
  const model = given.model ?? before?.model ?? usual.model ?? firstModel(url, io);
  const settings = before ? { ...before.settings, ...given.settings } : usual.settings;
  const conversation = before && { ...before, model, settings };
  return new Session(
    { connection, store, model, settings, showReasoning, goesOn: goesOn || before !== undefined, person },
    conversation,
  );
}

function firstModel(url: string | undefined, { env }: Io): string {
  if (url !== undefined)
    throw new UsageError('Name a model: --model, or gateway config set chat.defaultModel <name>.');
  return firstModels[isOnSimulator(env) ? 'simulator' : 'aws'];
}
