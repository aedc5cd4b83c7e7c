import type { Item } from './types.ts';

/** How a call to the table failed: whether it may have been done all the same decides what may follow. */
export interface Failure {
  name: string;
  message: string;
  /** It may have been done: the answer has not come, or says nothing about it. */
  mayBeDone: boolean;
  /** Waiting may cure it. */
  passes: boolean;
  /** The connection broke without an answer. */
  isBroken?: boolean;
  /** Of a condition that did not hold: the item as it is. */
  item?: Item | undefined;
  cause?: unknown;
}

export class StoreError extends Error {
  readonly mayBeDone: boolean;
  readonly passes: boolean;
  readonly isBroken: boolean;
  readonly item: Item | undefined;
  /** It answers, and is asked more often than it can: by whoever is counted there, too. */
  readonly isBusy: boolean;

  constructor({ name, message, mayBeDone, passes, isBroken = false, item, cause }: Failure) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
    this.mayBeDone = mayBeDone;
    this.passes = passes;
    this.isBroken = isBroken;
    this.item = item;
    this.isBusy = busy.has(name);
  }
}

/** An item takes 1,000 writes a second. `Contention` is this project's own. */
const busy = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'Contention',
]);
/** Refusals that pass by themselves; none of them has changed anything. */
const passing = new Set([...busy, 'TransactionConflictException']);

/** By the answer (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html). */
export function storeErrorOf(status: number, text: string): StoreError {
  const { __type = 'Unknown', message, Message, Item } = parsed(text);
  const name = String(__type).split('#').at(-1) ?? 'Unknown';
  return new StoreError({
    name,
    message: withoutNames(String(message ?? Message ?? `DynamoDB answered with status ${status}.`)),
    // A 500 says nothing of whether it was done.
    mayBeDone: status >= 500,
    passes: status >= 500 || passing.has(name),
    item: Item as Item | undefined,
  });
}

/** AWS's refusals name roles, accounts and the table; the log is to have what is wrong, and none of these. */
const withoutNames = (text: string) => text.replace(/\barn:[^\s,]+/g, 'arn:…').replace(/\b\d{12}\b/g, '…');

/** There was never a connection. */
const unconnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);
const broken = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** By what the network, or the search for credentials, failed with. */
export function notSent(error: unknown): StoreError {
  const { name, message, code } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : (new Error('?') as NodeJS.ErrnoException);
  const isUnconnected = unconnected.has(code ?? '') || /establish a connection/.test(message);
  const isBroken = broken.has(code ?? '') || message === 'socket hang up';
  const isTimeout = name === 'TimeoutError' || name === 'AbortError';
  return new StoreError({
    name,
    message,
    mayBeDone: isBroken || (isTimeout && !isUnconnected),
    passes: isBroken || isUnconnected,
    isBroken,
    cause: error,
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
