import type { Reply } from '../operation.ts';
import { DynamoDbError } from './error.ts';
import { handle, refused } from './handle.ts';
import { Tables } from './tables.ts';
import type { Item } from './value.ts';

/**
 * How a call fails although it is right: refused with this exception and status before anything is done; done, with
 * the connection torn down or silent in place of an answer; or silent before anything is done.
 */
export type TableFailure =
  | { exception: string; status: number }
  | 'done-then-reset'
  | 'done-then-silent'
  | 'silent';

export interface TableCall {
  operation: string;
  body: Record<string, unknown>;
  status: number;
}

/** DynamoDB of the simulated account. */
export class DynamoDb {
  /** The calls, oldest first; the latest 10,000. */
  readonly calls: TableCall[] = [];
  /** Operations that fail until taken out again. */
  readonly failing = new Map<string, TableFailure>();
  readonly tables = new Tables();
  readonly #names: readonly string[];

  /** `names`: tables that are there from the beginning, with the key `pk` and `sk`. */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.forget();
  }

  forget(): void {
    this.calls.length = 0;
    this.failing.clear();
    this.tables.clear();
    for (const TableName of this.#names) this.tables.create({ TableName, ...keySchema });
  }

  /** Every item of a table, for tests. */
  items(table: string): Item[] {
    return this.tables.find(table).items();
  }

  answer(operation: string, body: Buffer): Reply {
    const call: TableCall = { operation, body: parsed(body), status: 0 };
    this.calls.push(call);
    if (this.calls.length > 10_000) this.calls.shift();
    const failure = this.failing.get(operation);
    if (failure === 'silent') return { status: 200, headers: {}, before: [{ stall: true }], steps: [] };
    const reply = this.#reply(operation, body, failure);
    call.status = reply.status;
    if (failure === 'done-then-reset') return { ...reply, before: [{ reset: true }] };
    if (failure === 'done-then-silent') return { ...reply, before: [{ stall: true }] };
    return reply;
  }

  #reply(operation: string, body: Buffer, failure: TableFailure | undefined): Reply {
    try {
      if (typeof failure === 'object')
        throw new DynamoDbError(
          `com.amazonaws.dynamodb.v20120810#${failure.exception}`,
          'It failed because it was told to.',
          failure.status,
        );
      return handle(operation, body, this.tables);
    } catch (error) {
      if (!(error instanceof DynamoDbError)) throw error;
      return refused(error);
    }
  }
}

function parsed(body: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(body.toString('utf8'))) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** As the stack makes its table. */
export const keySchema = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
};
