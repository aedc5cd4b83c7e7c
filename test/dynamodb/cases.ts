/**
 * What DynamoDB answers, as one table: asked of the simulator's stand-in in every run of the tests, and of a real
 * DynamoDB, or of another stand-in, by `npm run test:dynamodb`. A step is an operation, its input without the table's
 * name, and what it answers.
 */
export interface Step {
  operation: string;
  input: Record<string, unknown>;
  /** Of the answer's JSON: members that it has at least; absent: it is not looked at. */
  answer?: Record<string, unknown>;
  /** The exception's name and words. */
  refused?: [name: string, message: string | RegExp];
}

export const key = (sk = 'a') => ({ pk: { S: 'p' }, sk: { S: sk } });
const bytes = (count: number) => Buffer.alloc(count, 7).toString('base64');
const n = (value: number | string) => ({ N: String(value) });

const update = (
  expression: string,
  values: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Step['input'] => ({
  Key: key(),
  UpdateExpression: expression,
  ExpressionAttributeValues: values,
  ...more,
});
const put = (item: Record<string, unknown>): Step => ({
  operation: 'PutItem',
  input: { Item: { ...key(), ...item } },
});
const validation = (message: string | RegExp): Step['refused'] => ['ValidationException', message];

const step = (operation: string, input: Step['input'], rest: Omit<Step, 'operation' | 'input'>): Step => ({
  operation,
  input,
  ...rest,
});
const refusedUpdate = (
  title: string,
  expression: string,
  values: Record<string, unknown> | undefined,
  message: string | RegExp,
  more: Record<string, unknown> = {},
): [string, Step[]] => [
  title,
  [
    put({ count: n(1), word: { S: 'w' } }),
    step(
      'UpdateItem',
      {
        Key: key(),
        UpdateExpression: expression,
        ...(values && { ExpressionAttributeValues: values }),
        ...more,
      },
      { refused: validation(message) },
    ),
  ],
];

export const cases: readonly [title: string, steps: Step[]][] = [
  [
    'an update makes an item, and ADD counts from nothing',
    [
      step('UpdateItem', update('ADD hits :n', { ':n': n(5) }, { ReturnValues: 'ALL_NEW' }), {
        answer: { Attributes: { ...key(), hits: n(5) } },
      }),
      step('UpdateItem', update('ADD hits :n', { ':n': n(-7) }, { ReturnValues: 'UPDATED_NEW' }), {
        answer: { Attributes: { hits: n(-2) } },
      }),
      step('GetItem', { Key: key(), ConsistentRead: true }, { answer: { Item: { ...key(), hits: n(-2) } } }),
    ],
  ],
  [
    'numbers are exact to 38 digits',
    [
      step(
        'UpdateItem',
        update('SET a = :a, b = :b', {
          ':a': n('99999999999999999999999999999999999999'),
          ':b': n('0.00000000000000000000000000000000000001'),
        }),
        {},
      ),
      step('UpdateItem', update('ADD b :n', { ':n': n('0.5') }, { ReturnValues: 'UPDATED_NEW' }), {
        answer: { Attributes: { b: n('0.50000000000000000000000000000000000001') } },
      }),
      step('UpdateItem', update('ADD a :n', { ':n': n('0.1') }), {
        refused: validation(/38 significant digits/),
      }),
    ],
  ],
  [
    'a number is kept as it is worth, not as it was written',
    [
      put({ count: n('+007.500') }),
      step('GetItem', { Key: key() }, { answer: { Item: { ...key(), count: n('7.5') } } }),
    ],
  ],
  [
    'a condition that does not hold changes nothing and shows the item where that is asked for',
    [
      put({ hits: n(10) }),
      step(
        'UpdateItem',
        update(
          'ADD hits :n',
          { ':n': n(1), ':most': n(9) },
          {
            ConditionExpression: 'hits <= :most',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        ),
        { refused: ['ConditionalCheckFailedException', 'The conditional request failed'] },
      ),
      step('GetItem', { Key: key() }, { answer: { Item: { ...key(), hits: n(10) } } }),
    ],
  ],
  [
    'what is not there is less than nothing: no comparison holds',
    [
      put({}),
      ...['gone < :n', 'gone <= :n', 'gone > :n', 'gone = :n', 'size(gone) < :n'].map((condition) =>
        step('UpdateItem', update('SET a = :n', { ':n': n(5) }, { ConditionExpression: condition }), {
          refused: ['ConditionalCheckFailedException', 'The conditional request failed'],
        }),
      ),
      step('UpdateItem', update('SET a = :n', { ':n': n(5) }, { ConditionExpression: 'gone <> :n' }), {}),
    ],
  ],
  [
    'attribute_not_exists, size, OR and parentheses',
    [
      put({ slots: { SS: ['one', 'two'] } }),
      step(
        'UpdateItem',
        update(
          'ADD slots :s',
          { ':s': { SS: ['three'] }, ':b': n(2) },
          { ConditionExpression: '(attribute_not_exists(slots) OR size(slots) < :b)' },
        ),
        { refused: ['ConditionalCheckFailedException', 'The conditional request failed'] },
      ),
      step(
        'UpdateItem',
        update('DELETE slots :s', { ':s': { SS: ['one', 'two', 'none'] } }, { ReturnValues: 'ALL_NEW' }),
        {
          answer: { Attributes: key() },
        },
      ),
      step(
        'UpdateItem',
        update(
          'ADD slots :s',
          { ':s': { SS: ['three'] }, ':b': n(2) },
          {
            ConditionExpression: '(attribute_not_exists(slots) OR size(slots) < :b)',
            ReturnValues: 'UPDATED_NEW',
          },
        ),
        { answer: { Attributes: { slots: { SS: ['three'] } } } },
      ),
    ],
  ],
  [
    'every action sees the item as it was',
    [
      put({ a: n(1), b: n(2) }),
      step('UpdateItem', update('SET a = b, b = a + :n', { ':n': n(10) }, { ReturnValues: 'ALL_NEW' }), {
        answer: { Attributes: { ...key(), a: n(2), b: n(11) } },
      }),
    ],
  ],
  [
    'if_not_exists, REMOVE and names by placeholder',
    [
      step(
        'UpdateItem',
        update(
          'SET #d = if_not_exists(#d, :n) REMOVE leftover',
          { ':n': n(3) },
          {
            ExpressionAttributeNames: { '#d': 'day' },
            ReturnValues: 'ALL_NEW',
          },
        ),
        { answer: { Attributes: { ...key(), day: n(3) } } },
      ),
    ],
  ],
  refusedUpdate(
    'a reserved word as it stands',
    'SET day = :n',
    { ':n': n(1) },
    'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: day',
  ),
  refusedUpdate(
    'a value that is not used',
    'SET a = :n',
    { ':n': n(1), ':x': n(2) },
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}',
  ),
  refusedUpdate(
    'a name that is not used',
    'SET a = :n',
    { ':n': n(1) },
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}',
    { ExpressionAttributeNames: { '#x': 'x' } },
  ),
  refusedUpdate(
    'a value that is not given',
    'SET a = :gone',
    { ':n': n(1) },
    'Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :gone',
  ),
  refusedUpdate(
    'a name that is not given',
    'SET #gone = :n',
    { ':n': n(1) },
    'Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #gone',
  ),
  refusedUpdate('no values at all', 'REMOVE a', {}, 'ExpressionAttributeValues must not be empty'),
  refusedUpdate(
    'what is no expression',
    'SET a :n',
    { ':n': n(1) },
    /^Invalid UpdateExpression: Syntax error; token: ":n", near: "/,
  ),
  refusedUpdate(
    'one attribute twice',
    'SET a = :n ADD a :n',
    { ':n': n(1) },
    'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]',
  ),
  refusedUpdate(
    'a section twice',
    'SET a = :n SET b = :n',
    { ':n': n(1) },
    'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
  ),
  refusedUpdate(
    'a text that is to be added',
    'ADD a :n',
    { ':n': { S: 'x' } },
    'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeset: ALLOWED_FOR_ADD_OPERAND',
  ),
  refusedUpdate(
    'a number added to a text',
    'ADD word :n',
    { ':n': n(1) },
    'An operand in the update expression has an incorrect data type',
  ),
  refusedUpdate(
    'a sum with what is not there',
    'SET a = gone + :n',
    { ':n': n(1) },
    'The provided expression refers to an attribute that does not exist in the item',
  ),
  refusedUpdate(
    'a change of the key',
    'SET sk = :n',
    { ':n': { S: 'x' } },
    'One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key',
  ),
  refusedUpdate(
    'a condition with an unknown function',
    'SET a = :n',
    { ':n': n(1) },
    'Invalid ConditionExpression: Invalid function name; function: attribute_missing',
    { ConditionExpression: 'attribute_missing(a)' },
  ),
  refusedUpdate(
    'a value of two types',
    'SET a = :n',
    { ':n': { N: '1', S: '1' } },
    /has more than one datatypes set, must contain exactly one of the supported datatypes/,
  ),
  refusedUpdate(
    'a number that is none',
    'SET a = :n',
    { ':n': { N: 'many' } },
    /The parameter cannot be converted to a numeric value: many/,
  ),
  refusedUpdate('an empty set', 'ADD a :n', { ':n': { SS: [] } }, /may not be empty/),
  [
    'a key that is not that of the table',
    [
      ...[{ pk: { S: 'p' } }, { pk: { S: 'p' }, sk: n(1) }, { ...key(), more: n(1) }].map((Key) =>
        step(
          'GetItem',
          { Key },
          { refused: validation('The provided key element does not match the schema') },
        ),
      ),
      step('GetItem', { Key: key('') }, { refused: validation(/empty string value\. Key: sk$/) }),
      step(
        'PutItem',
        { Item: { pk: { S: 'p' } } },
        {
          refused: validation('One or more parameter values were invalid: Missing the key sk in the item'),
        },
      ),
    ],
  ],
  [
    'an item of more than 400 KB',
    [
      step(
        'PutItem',
        { Item: { ...key(), text: { S: 'x'.repeat(409_601) } } },
        {
          refused: validation('Item size has exceeded the maximum allowed size'),
        },
      ),
      step('UpdateItem', update('SET words = :t', { ':t': { S: 'x'.repeat(409_601) } }), {
        refused: validation('Item size to update has exceeded the maximum allowed size'),
      }),
    ],
  ],
  [
    'bytes come as base64, and count as what they are',
    [
      step('PutItem', { Item: { ...key(), data: { B: bytes(409_000) } } }, { answer: {} }),
      step(
        'GetItem',
        { Key: key(), ConsistentRead: true },
        {
          answer: { Item: { ...key(), data: { B: bytes(409_000) } } },
        },
      ),
      step(
        'PutItem',
        { Item: { ...key(), data: { B: bytes(409_600) } } },
        {
          refused: validation('Item size has exceeded the maximum allowed size'),
        },
      ),
      step(
        'PutItem',
        { Item: { ...key(), data: { B: 'no base64!' } } },
        {
          refused: ['SerializationException', /./],
        },
      ),
    ],
  ],
  [
    'a query has the items of one partition in their order, by pages',
    [
      ...['m', 'b', 'a2', 'a1'].map((sk) => step('PutItem', { Item: key(sk) }, {})),
      step('PutItem', { Item: { pk: { S: 'other' }, sk: { S: 'a' } } }, {}),
      step(
        'Query',
        { KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } }, Limit: 3 },
        { answer: { Items: [key('a1'), key('a2'), key('b')], Count: 3, LastEvaluatedKey: key('b') } },
      ),
      step(
        'Query',
        {
          KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)',
          ExpressionAttributeValues: { ':p': { S: 'p' }, ':s': { S: 'a' } },
        },
        { answer: { Items: [key('a1'), key('a2')], Count: 2 } },
      ),
      step(
        'Query',
        {
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': { S: 'p' } },
          ExclusiveStartKey: key('b'),
          ScanIndexForward: true,
        },
        { answer: { Items: [key('m')], Count: 1 } },
      ),
      step(
        'Query',
        { KeyConditionExpression: 'sk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } } },
        { refused: validation('Query condition missed key schema element: pk') },
      ),
    ],
  ],
  [
    'a delete on a condition',
    [
      put({ a: n(1) }),
      step(
        'DeleteItem',
        {
          Key: key(),
          ConditionExpression: 'a = :n',
          ExpressionAttributeValues: { ':n': n(2) },
        },
        { refused: ['ConditionalCheckFailedException', 'The conditional request failed'] },
      ),
      step(
        'DeleteItem',
        { Key: key(), ReturnValues: 'ALL_OLD' },
        { answer: { Attributes: { ...key(), a: n(1) } } },
      ),
      step('GetItem', { Key: key() }, { answer: {} }),
    ],
  ],
  [
    'a value of no known kind for what is to be returned',
    [
      step('UpdateItem', update('SET a = :n', { ':n': n(1) }, { ReturnValues: 'EVERYTHING' }), {
        refused: validation(
          /^1 validation error detected: Value 'EVERYTHING' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: \[/,
        ),
      }),
    ],
  ],
];
