import type { Table } from '../../lambda/store/table.ts';
import type { Item } from '../../lambda/store/types.ts';
import { DynamoDbError } from '../../local/simulator/dynamodb/error.ts';
import { operations } from '../../local/simulator/dynamodb/operations.ts';
import { keySchema } from '../../local/simulator/dynamodb/service.ts';
import { Tables } from '../../local/simulator/dynamodb/tables.ts';

const TableName = 'limits';

/** The simulator's DynamoDB without a wire. `before`: what each call waits for; `after`: called when one is done. */
export function simulatedTable(
  before: () => Promise<unknown> = async () => {},
  after: () => void = () => {},
): Table & { items(): Item[] } {
  const tables = new Tables();
  tables.create({ TableName, ...keySchema });
  return {
    async update({ key, expression, condition, names, values }) {
      await before();
      try {
        const { Attributes } = operations.UpdateItem!(
          {
            TableName,
            Key: key,
            UpdateExpression: expression,
            ReturnValues: 'ALL_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            ...(condition !== undefined && { ConditionExpression: condition }),
            ...(names && { ExpressionAttributeNames: names }),
            ...(values && { ExpressionAttributeValues: values }),
          },
          tables,
        );
        after();
        return { done: true, item: Attributes as Item };
      } catch (error) {
        if (!(error instanceof DynamoDbError) || error.name !== 'ConditionalCheckFailedException')
          throw error;
        return { done: false, item: error.extra.Item as Item | undefined };
      }
    },
    async get(key) {
      return operations.GetItem!({ TableName, Key: key }, tables).Item as Item | undefined;
    },
    query: async () => [],
    async put(item) {
      operations.PutItem!({ TableName, Item: item }, tables);
    },
    async delete(key) {
      operations.DeleteItem!({ TableName, Key: key }, tables);
    },
    items: () => tables.find(TableName).items() as unknown as Item[],
  };
}
