import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { resultsOf } from '../../../lambda/batches/results.ts';
import type { Bucket } from '../../../lambda/bedrock/s3.ts';

test('whole numbers beyond 2^53 in the arguments of a call keep their digits', async () => {
  const input = '{"id":12345678901234567890,"n":-9007199254740993}';
  const line = `{"recordId":"00000000000","modelInput":{},"modelOutput":{"content":[{"type":"tool_use","input":${input}}]}}\n`;
  const bucket = { get: async () => ({ body: Readable.from([Buffer.from(line)]) }) } as unknown as Bucket;
  const job = { arn: 'arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghijkl', count: 1 };
  const state = { owner: 'o', batch: { kind: 'openai', stem: 's', jobs: [job] } } as never;
  const results: object[] = [];
  for await (const result of resultsOf(bucket, state, new AbortController().signal)) results.push(result);
  expect(JSON.stringify(results)).toContain(input);
});
