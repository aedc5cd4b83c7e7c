import type { CanonicalRequest } from '../canonical/request.ts';
import type {
  ConverseAnswer,
  ConverseEvent,
  EventBatches,
  Message,
  SystemBlock,
} from '../canonical/types.ts';
import type { Outcome } from '../engine/types.ts';
import type { Named } from './reading/named-data.ts';
import type { Params } from './table.ts';

/** A conversation as a technique sees it: turns stay turns. */
export interface Conversation {
  messages: readonly Message[];
  system: readonly SystemBlock[];
}

/**
 * What a call is for, which decides what it takes over from the client's request. `answer`: its text is what the client
 * gets as it is written. `sample`: its text may be. `work`: a step on the way. `judge`: it rates what others wrote.
 */
export type CallClass = 'answer' | 'sample' | 'work' | 'judge';

/** One model call of a technique. */
export interface InnerCall {
  /** With the technique's name before it, the step: `sample` of bon is `bon/sample`. */
  role: string;
  class: CallClass;
  messages: readonly Message[];
  /** The conversation's unless said. */
  system?: readonly SystemBlock[];
  /** A wish: where a model does not take it, it is left out. A client's own governs answers. */
  temperature?: number;
  /** Of `work` and `judge`, which do not take over the client's: 4,096 and 512 unless said. */
  maxTokens?: number;
  /** The client's tools may be called. */
  tools?: boolean;
}

/** An answer that goes to the client: whole, or as it is written. */
export type Told = { outcome: Outcome; answer: ConverseAnswer; events?: undefined } | StreamedTold;
export interface StreamedTold {
  outcome: Outcome;
  events: EventBatches;
  answer?: undefined;
}

/** What a call came to. It may be told to the client as it stands. */
export interface Reply {
  outcome: Outcome;
  answer: ConverseAnswer;
  events?: undefined;
  /** Its text, without reasoning. */
  text: string;
  /** It has reached its limit of tokens. */
  cutOff: boolean;
  /** It was withheld by a filter, or has no text: neither is a sample. */
  usable: boolean;
}

export interface AllOptions {
  /** Called as each reply comes. */
  each?: ((reply: Reply) => void) | undefined;
  /** What the warning calls them. */
  what?: string;
}

/** The only way of a technique to a model, to time and to chance. */
export interface Calls {
  /** Rejects with GatewayError, or Stopped where calls, tokens or time have run out. */
  one(call: InnerCall): Promise<Reply>;
  /**
   * All at once, in their order; undefined for those that came to nothing, which a warning counts. Rejects with the most
   * useful error when none is left.
   */
  all(calls: readonly InnerCall[], options?: AllOptions): Promise<(Reply | undefined)[]>;
  /** For a step that can be done without: undefined where it came to nothing, with a warning. `what`: as the warning names it. */
  attempt(call: InnerCall, what: string): Promise<Reply | undefined>;
  /** The call whose text is the answer; streamed where the client streams. */
  answer(call: InnerCall): Promise<Told>;
  /** One call more is kept for an answer that may become necessary. */
  keepAnswer(): void;
  /** Calls that may still be made beside the answer. */
  left(): number;
  /** More calls, tokens or time would have been needed. */
  stop(what: 'calls' | 'tokens' | 'time'): void;
  warn(text: string): void;
  progress(text: string): void;
  /** 0 ≤ x < 1. */
  random(): number;
  /**
   * Work beside the calls: ends with the request, and before the time that is kept for the answer. Rejects with Stopped
   * then. `isForAnswer`: without it there is no answer, so it has all the time there is. Rejects with the 504 then.
   */
  inTime<T>(work: (signal: AbortSignal) => Promise<T>, isForAnswer?: boolean): Promise<T>;
  /** Facts about the client's request that some techniques ask for. */
  readonly wants: Wants;
  readonly services: Services;
}

export interface Wants {
  /** The answer is to be JSON. */
  json: boolean;
  /** Texts for the variables of a managed prompt. */
  variables: readonly string[];
  /** The context window of the model, in tokens, where it is known. */
  contextTokens: number | undefined;
}

/** Makes an answer. */
export type Solver = (conversation: Conversation, params: Params, calls: Calls) => Promise<Told>;

/** Rewrites the conversation. */
export type Transform = (conversation: Conversation, params: Params, calls: Calls) => Promise<Conversation>;

/** Changes what goes out to the model and what comes back, for all that follows it. */
export interface Wrapper {
  outgoing(request: CanonicalRequest, call: InnerCall): CanonicalRequest | Promise<CanonicalRequest>;
  incoming(answer: ConverseAnswer, call: InnerCall): ConverseAnswer;
  /** A fresh function for each stream, because it may keep state. */
  events(call: InnerCall): (batch: ConverseEvent[]) => ConverseEvent[];
}
export type MakeWrapper = (conversation: Conversation, params: Params, calls: Calls) => Promise<Wrapper>;

/** What techniques need beyond a model, loaded by those that need it. Handed in, so that they can be tested without. */
export interface Services {
  /** Runs an SMT-LIB 2 script; what the solver printed. Rejects with the solver's own words where it refuses the script. */
  solver?: () => Promise<(script: string, timeoutMs: number, signal: AbortSignal) => Promise<string>>;
  /** Runs a program in a sandbox; what it printed, or its error. */
  program?: () => Promise<
    (source: string, timeoutMs: number, signal: AbortSignal) => Promise<{ output: string; failed: boolean }>
  >;
  /** Finds names and addresses of people. Absent: nobody looks for them. */
  personalData?: () => Promise<(texts: readonly string[], signal: AbortSignal) => Promise<Named[]>>;
  /** The text of a page on the web, or why it was refused or could not be had, in words for people. */
  readPage?: () => Promise<
    (url: string, signal: AbortSignal) => Promise<{ text: string } | { refused: string }>
  >;
}
