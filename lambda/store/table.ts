import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { HttpRequest } from '@smithy/core/transport';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { bounded } from '../bedrock/bounded.ts';
import type { Service } from '../bedrock/endpoint.ts';
import { textOf } from '../bedrock/exception.ts';
import { keptConnections } from '../bedrock/kept-connections.ts';
import { type SignedCall, signedCall } from '../bedrock/signed-call.ts';
import { notSent, StoreError, storeErrorOf } from './store-error.ts';
import type { Item, Key, Query, Update, Updated } from './types.ts';

/**
 * One DynamoDB table, over DynamoDB's JSON 1.0
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html): a POST with the name
 * of the operation in a header. The SDK's client is 107 KB beside what the function has; this is the signer that is
 * there and an HTTP handler.
 */
export interface Table {
  /** Rejects with StoreError. A condition that does not hold is an answer, with the item as it is. */
  update(update: Update, options?: UpdateOptions): Promise<Updated>;
  get(key: Key): Promise<Item | undefined>;
  /** Every item of one partition, page after page. */
  query(query: Query): Promise<Item[]>;
  /** Writes a whole item, in place of what was there. */
  put(item: Item): Promise<void>;
  /** What is not there is deleted too. */
  delete(key: Key): Promise<void>;
}

export interface UpdateOptions {
  /**
   * Sent again after a connection broke, though it may have been done: where to count twice is the safe side. A
   * connection that was frozen with its Lambda environment breaks like that.
   */
  mayCountTwice?: boolean;
}

export interface TableSettings {
  /** Or its ARN, which says its region. */
  name: string;
  region: string;
  /** Waits between attempts. */
  clock: { sleep(ms: number): Promise<unknown>; random(): number };
  /** Milliseconds for one attempt. */
  attemptMs?: number;
}

const dynamoDb: Service = { host: 'dynamodb', variable: 'DYNAMODB', signedFor: 'dynamodb' };

/** An answer takes some milliseconds, with a new connection some ten; whoever waits for seconds is better told so. */
const attemptMs = 5000;
const connectionMs = 3000;
const attempts = 3;
/** On a laptop one process serves many; in Lambda there is one request at a time. */
const agent = { keepAlive: true, maxSockets: 256, noDelay: true };
const firstWaitMs = 25;

export function createTable(settings: TableSettings): Table {
  const { name: TableName } = settings;
  const region = TableName.startsWith('arn:') ? (TableName.split(':')[3] ?? '') : settings.region;
  const call = signedCall(dynamoDb, {
    region,
    credentials: defaultProvider(),
    requestHandler: keptConnections(
      new NodeHttpHandler({
        httpAgent: agent,
        httpsAgent: agent,
        connectionTimeout: connectionMs,
        requestTimeout: settings.attemptMs ?? attemptMs,
        throwOnRequestTimeout: true,
      }),
    ),
  });
  const ask = (operation: string, input: object, options?: Again) =>
    untilDone(() => once(call, operation, { TableName, ...input }, settings.attemptMs ?? attemptMs), {
      ...options,
      clock: settings.clock,
    });
  return {
    async update({ key, expression, condition, names, values }, options) {
      const input = {
        Key: key,
        UpdateExpression: expression,
        ...(condition !== undefined && { ConditionExpression: condition }),
        ...(names && { ExpressionAttributeNames: names }),
        ...(values && { ExpressionAttributeValues: values }),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      };
      try {
        const { Attributes } = await ask('UpdateItem', input, options);
        return { done: true, item: (Attributes ?? {}) as Item };
      } catch (error) {
        if (error instanceof StoreError && error.name === 'ConditionalCheckFailedException')
          return { done: false, item: error.item };
        throw error;
      }
    },
    async get(key) {
      const { Item } = await ask('GetItem', { Key: key, ConsistentRead: true }, harmless);
      return Item as Item | undefined;
    },
    async put(item) {
      await ask('PutItem', { Item: item }, harmless);
    },
    async delete(key) {
      await ask('DeleteItem', { Key: key }, harmless);
    },
    async query({ pk, prefix, consistent }) {
      const items: Item[] = [];
      let from: unknown;
      do {
        const page = await ask(
          'Query',
          { ...queryOf(pk, prefix, from), ...(consistent && { ConsistentRead: true }) },
          harmless,
        );
        items.push(...((page.Items ?? []) as Item[]));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return items;
    },
  };
}

function queryOf(pk: string, prefix: string | undefined, from: unknown) {
  return {
    KeyConditionExpression: prefix === undefined ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': { S: pk }, ...(prefix !== undefined && { ':sk': { S: prefix } }) },
    ...(from !== undefined && { ExclusiveStartKey: from }),
  };
}

type Answer = Record<string, unknown>;

interface Again extends UpdateOptions {
  /** Done twice it is as if done once: a 500 is tried again, too, as AWS asks clients to. */
  isHarmless?: true;
}
const harmless: Again = { mayCountTwice: true, isHarmless: true };

/** What was certainly not done is tried again; what may have been, only where that does no harm. */
async function untilDone(
  attempt: () => Promise<Answer>,
  { mayCountTwice, isHarmless, clock }: Again & Pick<TableSettings, 'clock'>,
): Promise<Answer> {
  for (let left = attempts - 1; ; left -= 1) {
    try {
      return await attempt();
    } catch (thrown) {
      if (!(thrown instanceof StoreError)) throw thrown;
      const again = thrown.passes && (!thrown.mayBeDone || isHarmless || (mayCountTwice && thrown.isBroken));
      if (left === 0 || !again) throw thrown;
      await clock.sleep(firstWaitMs * 3 ** (attempts - 1 - left) * (0.5 + clock.random()));
    }
  }
}

async function once(call: SignedCall, operation: string, input: object, ms: number): Promise<Answer> {
  const { path, ...endpoint } = await call.endpoint();
  const request = new HttpRequest({
    ...endpoint,
    method: 'POST',
    path: `${path}/`,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    },
    body: Buffer.from(JSON.stringify(input)),
  });
  const { statusCode, text } = await answered(call, request, ms).catch((error) => {
    throw notSent(error);
  });
  if (statusCode >= 300) throw storeErrorOf(statusCode, text);
  return JSON.parse(text) as Answer;
}

function answered(call: SignedCall, request: HttpRequest, ms: number) {
  return bounded(ms, async (abortSignal) => {
    const { statusCode, body } = await call.send(request, { abortSignal });
    return { statusCode, text: await textOf(body) };
  });
}
