/** A refusal of DynamoDB's, in its JSON form. */
export class DynamoDbError extends Error {
  readonly type: string;
  readonly status: number;
  readonly extra: Record<string, unknown>;

  constructor(type: string, message: string, status = 400, extra: Record<string, unknown> = {}) {
    super(message);
    this.name = type.split('#').at(-1) ?? type;
    this.type = type;
    this.status = status;
    this.extra = extra;
  }
}

const own = 'com.amazonaws.dynamodb.v20120810#';

export const invalid = (message: string) =>
  new DynamoDbError('com.amazon.coral.validate#ValidationException', message);

/** What is wrong with one or more values, in the words that begin so. */
export const invalidValue = (message: string) =>
  invalid(`One or more parameter values were invalid: ${message}`);

export const conditionFailed = (item: object | undefined) =>
  new DynamoDbError(
    `${own}ConditionalCheckFailedException`,
    'The conditional request failed',
    400,
    item ? { Item: item } : {},
  );

export const noTable = () =>
  new DynamoDbError(`${own}ResourceNotFoundException`, 'Requested resource not found');

export const tableInUse = (name: string) =>
  new DynamoDbError(`${own}ResourceInUseException`, `Table already exists: ${name}`);

export const unknownOperation = () =>
  new DynamoDbError('com.amazon.coral.service#UnknownOperationException', '');

export const notJson = () =>
  new DynamoDbError('com.amazon.coral.service#SerializationException', 'Unable to parse input');

/** DynamoDB takes it; this stand-in does not, and says so instead of doing something else. */
export const notSimulated = (what: string) =>
  new DynamoDbError(`${own}InternalServerError`, `The simulator does not know ${what}.`, 500);
