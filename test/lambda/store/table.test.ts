import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { notSent, StoreError, storeErrorOf } from '../../../lambda/store/store-error.ts';
import { createTable, type Table } from '../../../lambda/store/table.ts';
import { keyOf } from '../../../lambda/store/types.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';

const waits: number[] = [];
const clock = {
  random: () => 0.5,
  sleep: async (ms: number) => {
    waits.push(ms);
  },
};
const tableAt = (url: string, name = 'limits', attemptMs = 15_000): Table => {
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', url);
  return createTable({ name, region: 'us-east-1', clock, attemptMs });
};

let simulator: Simulator;
beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test-secret');
  simulator = await startSimulator({ tables: ['limits'] });
});
afterEach(() => {
  simulator.reset();
  waits.length = 0;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await simulator.close();
});

const key = keyOf('KEY#a', 'LIMIT');
const add = { key, expression: 'ADD hits :n', values: { ':n': { N: '1' } } };
const hits = (url = simulator.url) =>
  tableAt(url)
    .get(key)
    .then((item) => item?.hits);

describe('a table', () => {
  test('is changed, read and queried', async () => {
    const table = tableAt(simulator.url);
    expect(await table.update(add)).toEqual({ done: true, item: { ...key, hits: { N: '1' } } });
    expect(await table.update({ ...add, condition: 'hits < :n' })).toEqual({
      done: false,
      item: { ...key, hits: { N: '1' } },
    });
    expect(await table.update({ ...add, key: keyOf('KEY#b', 'x'), condition: 'hits < :n' })).toEqual({
      done: false,
      item: undefined,
    });
    for (const sk of ['a#1', 'a#2', 'b#1']) await table.update({ ...add, key: keyOf('DAY#1', sk) });
    expect((await table.query({ pk: 'DAY#1', prefix: 'a#' })).map(({ sk }) => sk)).toEqual([
      { S: 'a#1' },
      { S: 'a#2' },
    ]);
    expect(await table.query({ pk: 'DAY#1' })).toHaveLength(3);
  });

  test('of more than one page is read to its end', async () => {
    const table = tableAt(simulator.url);
    const text = 'x'.repeat(390_000);
    for (const sk of ['1', '2', '3', '4', '5'])
      await table.update({
        key: keyOf('DAY#1', sk),
        expression: 'SET words = :t',
        values: { ':t': { S: text } },
      });
    expect((await table.query({ pk: 'DAY#1' })).map(({ sk }) => sk)).toEqual(
      ['1', '2', '3', '4', '5'].map((S) => ({ S })),
    );
    const queries = simulator.dynamoDb.calls.filter(({ operation }) => operation === 'Query');
    expect(queries.length).toBeGreaterThan(1);
  });

  test('by its ARN is in the region of the ARN', async () => {
    const table = tableAt(simulator.url, 'arn:aws:dynamodb:eu-west-1:123456789012:table/limits');
    expect((await table.update(add)).done).toBe(true);
  });
});

describe('what is tried again', () => {
  test.each([
    ['ProvisionedThroughputExceededException', 400, 3],
    ['ThrottlingException', 400, 3],
    ['InternalServerError', 500, 1],
    ['ResourceNotFoundException', 400, 1],
    ['AccessDeniedException', 400, 1],
  ])('%s (%d): %d calls', async (exception, status, calls) => {
    simulator.dynamoDb.failing.set('UpdateItem', { exception, status });
    await expect(tableAt(simulator.url).update(add)).rejects.toMatchObject({ name: exception });
    expect(simulator.dynamoDb.calls).toHaveLength(calls);
    expect(waits).toEqual([25, 75].slice(0, calls - 1));
  });

  test('a 500, only of what may be done twice without any harm', async () => {
    const table = tableAt(simulator.url);
    const key = keyOf('K', 'S');
    const all = [
      ['GetItem', () => table.get(key)],
      ['Query', () => table.query({ pk: 'K' })],
      ['PutItem', () => table.put({ ...key, words: { S: 'x' } })],
      ['DeleteItem', () => table.delete(key)],
    ] as const;
    for (const [operation, work] of all) {
      simulator.dynamoDb.calls.length = 0;
      simulator.dynamoDb.failing.set(operation, { exception: 'InternalServerError', status: 500 });
      await expect(work()).rejects.toMatchObject({ name: 'InternalServerError' });
      expect([operation, simulator.dynamoDb.calls.length]).toEqual([operation, 3]);
      simulator.dynamoDb.failing.clear();
    }
    simulator.dynamoDb.calls.length = 0;
    simulator.dynamoDb.failing.set('UpdateItem', { exception: 'InternalServerError', status: 500 });
    await expect(table.update(add, { mayCountTwice: true })).rejects.toThrow(StoreError);
    expect(simulator.dynamoDb.calls).toHaveLength(1);
  });

  test('a broken connection, only where to count twice does no harm', async () => {
    simulator.dynamoDb.failing.set('UpdateItem', 'done-then-reset');
    await expect(tableAt(simulator.url).update(add)).rejects.toMatchObject({
      mayBeDone: true,
      isBroken: true,
    });
    simulator.dynamoDb.failing.clear();
    expect(await hits()).toEqual({ N: '1' });
    simulator.dynamoDb.failing.set('UpdateItem', 'done-then-reset');
    await expect(tableAt(simulator.url).update(add, { mayCountTwice: true })).rejects.toThrow(StoreError);
    simulator.dynamoDb.failing.clear();
    expect(await hits()).toEqual({ N: '4' });
  });

  test('silence is not waited for, and what may have been done is not done again', async () => {
    simulator.dynamoDb.failing.set('UpdateItem', 'done-then-silent');
    const failed = tableAt(simulator.url, 'limits', 400).update(add, { mayCountTwice: true });
    await expect(failed).rejects.toMatchObject({ name: 'TimeoutError', mayBeDone: true, passes: false });
    simulator.dynamoDb.failing.clear();
    expect(await hits()).toEqual({ N: '1' });
  });

  test('what AWS says of a refusal has no role, account or table in it', () => {
    const message =
      'User: arn:aws:sts::123456789012:assumed-role/secret-role/x is not authorized to perform: dynamodb:UpdateItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/t because of account 123456789012';
    const error = storeErrorOf(400, JSON.stringify({ __type: 'a#AccessDeniedException', message }));
    expect(error.message).toBe(
      'User: arn:… is not authorized to perform: dynamodb:UpdateItem on resource: arn:… because of account …',
    );
  });

  test('nobody there: it was never sent', async () => {
    const server: Server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(tableAt(`http://127.0.0.1:${port}`).update(add)).rejects.toMatchObject({ mayBeDone: false });
    expect(waits).toEqual([25, 75]);
  });

  test.each([
    [storeErrorOf(503, '<html>'), { name: 'Unknown', mayBeDone: true, passes: true }],
    [storeErrorOf(400, 'null'), { name: 'Unknown', mayBeDone: false, passes: false }],
    [notSent('no error'), { mayBeDone: false, passes: false, isBroken: false }],
    [
      notSent(
        Object.assign(new Error('the socket did not establish a connection'), { name: 'TimeoutError' }),
      ),
      { mayBeDone: false, passes: true },
    ],
  ])('%s', (error, known) => {
    expect(error).toMatchObject(known);
  });
});
