import OpenAI from 'openai';
import { keysFile } from './keys-file.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

export const storeTable = 'gateway-store';

/** A gateway that stores answers in the simulator's DynamoDB, with two keys: `sk-one` and `sk-two`. */
export async function startStoring(options: StackOptions = {}): Promise<Stack> {
  const keys = ['one', 'two'].map((name) => ({ name, key: `sk-${name}` }));
  return startStack({
    ...options,
    simulator: { tables: [storeTable], ...options.simulator },
    env: {
      API_KEY: '',
      API_KEY_FILE: await keysFile(keys),
      STORE: storeTable,
      AWS_MAX_ATTEMPTS: '1',
      ...options.env,
    },
  });
}

/** OpenAI's own client with one of the keys. */
export const clientOf = (stack: Stack, key = 'one') =>
  new OpenAI({ baseURL: stack.baseUrl, apiKey: `sk-${key}`, maxRetries: 0 });

export const as = (key: string) => ({ authorization: `Bearer sk-${key}` });

/** What is in the table. */
export const storedItems = ({ simulator }: Stack) => simulator.dynamoDb.items(storeTable);
