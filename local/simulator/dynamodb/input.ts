import { invalid, notSimulated } from './error.ts';

/** The JSON of a request. */
export type Input = Record<string, unknown> & {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
};

const returns = ['ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW'];

/** What each operation has to be given, and what values it takes. */
const required: Readonly<Record<string, readonly string[]>> = {
  GetItem: ['TableName', 'Key'],
  PutItem: ['TableName', 'Item'],
  DeleteItem: ['TableName', 'Key'],
  UpdateItem: ['TableName', 'Key'],
  Query: ['TableName'],
};

/** What came before expressions, and whatever else the gateway does not use. */
const legacy = [
  'AttributeUpdates',
  'Expected',
  'ConditionalOperator',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
  'AttributesToGet',
  'FilterExpression',
  'IndexName',
];

const known = new Set([
  'TableName',
  'Key',
  'Item',
  'ConsistentRead',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
  'ConditionExpression',
  'UpdateExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ExclusiveStartKey',
  'ScanIndexForward',
  'Limit',
  'Select',
]);

/** Throws what DynamoDB says of a request whose members are missing or of no known value. */
export function checkInput(input: Input, operation: string): void {
  const errors: string[] = [];
  const wrong = (value: unknown, name: string, constraint: string) =>
    errors.push(
      `Value ${value === undefined ? 'null' : `'${String(value)}'`} at '${name}' failed to satisfy constraint: ${constraint}`,
    );
  for (const name of required[operation] ?? [])
    if (input[name] === undefined) wrong(undefined, lower(name), 'Member must not be null');
  const { ReturnValues, ReturnValuesOnConditionCheckFailure: onFailure, Limit } = input;
  const set = (values: readonly string[]) => `Member must satisfy enum value set: [${values.join(', ')}]`;
  if (ReturnValues !== undefined && !returns.includes(String(ReturnValues)))
    wrong(ReturnValues, 'returnValues', set(returns));
  if (onFailure !== undefined && onFailure !== 'ALL_OLD' && onFailure !== 'NONE')
    wrong(onFailure, 'returnValuesOnConditionCheckFailure', set(['ALL_OLD', 'NONE']));
  if (Limit !== undefined && Number(Limit) < 1)
    wrong(Limit, 'limit', 'Member must have value greater than or equal to 1');
  if (errors.length > 0)
    throw invalid(
      `${errors.length} validation error${errors.length > 1 ? 's' : ''} detected: ${errors.join('; ')}`,
    );
  if ((operation === 'PutItem' || operation === 'DeleteItem') && !isOldOrNone(ReturnValues))
    throw invalid('Return values set to invalid value');
  const old = legacy.find((name) => input[name] !== undefined);
  if (old) throw notSimulated(`the parameter ${old}`);
  const foreign = Object.keys(input).find((name) => !known.has(name));
  if (foreign) throw notSimulated(`the parameter ${foreign}`);
}

const isOldOrNone = (value: unknown) => value === undefined || value === 'NONE' || value === 'ALL_OLD';
const lower = (name: string) => name[0]?.toLowerCase() + name.slice(1);
