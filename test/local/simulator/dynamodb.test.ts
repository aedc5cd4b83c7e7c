import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { type Ask, askAt, makeTable, wrongWith } from '../../dynamodb/ask.ts';
import { cases, key } from '../../dynamodb/cases.ts';

let simulator: Simulator;
let ask: Ask;
beforeAll(async () => {
  simulator = await startSimulator({ tables: ['there'] });
  ask = askAt(simulator.url);
});
afterAll(() => simulator.close());

describe('the simulator’s DynamoDB answers as DynamoDB does', () => {
  test.each(cases)('%s', async (_, steps) => {
    const TableName = await makeTable(ask);
    for (const step of steps)
      expect(wrongWith(step, await ask(step.operation, { TableName, ...step.input }))).toBeUndefined();
  });
});

describe('beside the cases', () => {
  const type = ({ body }: { body: Record<string, unknown> }) => String(body.__type).split('#').at(-1);

  test('a table that is not there', async () => {
    expect(type(await ask('GetItem', { TableName: 'gone', Key: key() }))).toBe('ResourceNotFoundException');
  });

  test('a table that is there from the beginning, and empty again after a reset', async () => {
    await ask('PutItem', { TableName: 'there', Item: key() });
    expect(simulator.dynamoDb.items('there')).toHaveLength(1);
    simulator.reset();
    expect(simulator.dynamoDb.items('there')).toEqual([]);
  });

  test('an operation that is none, and one that the simulator does not know', async () => {
    expect(type(await ask('DropTable', {}))).toBe('UnknownOperationException');
    const scan = { TableName: 'there', Key: key(), ProjectionExpression: 'pk' };
    expect(await ask('GetItem', scan)).toMatchObject({
      status: 500,
      body: { message: 'The simulator does not know projections.' },
    });
    const nested = { TableName: 'there', Key: key(), UpdateExpression: 'REMOVE a.b' };
    expect((await ask('UpdateItem', nested)).status).toBe(500);
  });

  test('a signature for another service', async () => {
    const answered = await askAt(
      simulator.url,
      'us-east-1',
      'bedrock',
    )('GetItem', { TableName: 'there', Key: key() });
    expect(answered.status).toBe(400);
    expect(type(answered)).toBe('InvalidSignatureException');
  });

  test('its calls are not among Bedrock’s', async () => {
    simulator.reset();
    await ask('GetItem', { TableName: 'there', Key: key() });
    expect(simulator.calls).toEqual([]);
    expect(simulator.dynamoDb.calls).toMatchObject([{ operation: 'GetItem', status: 200 }]);
  });
});
