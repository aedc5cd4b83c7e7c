import { crc32 } from 'node:zlib';
import type { Reply } from '../operation.ts';
import { type DynamoDbError, notJson, unknownOperation } from './error.ts';
import type { Input } from './input.ts';
import { operations } from './operations.ts';
import type { Tables } from './tables.ts';

export const targetPrefix = 'DynamoDB_20120810.';

/** One call of DynamoDB's JSON 1.0. */
export function handle(operation: string, body: Buffer, tables: Tables): Reply {
  const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  if (!run) throw unknownOperation();
  return reply(run(parse(body), tables), 200);
}

export const refused = ({ type, message, status, extra }: DynamoDbError): Reply =>
  reply({ __type: type, message, ...extra }, status);

function parse(body: Buffer): Input {
  try {
    return Object(JSON.parse(body.toString('utf8'))) as Input;
  } catch {
    throw notJson();
  }
}

function reply(content: object, status: number): Reply {
  const bytes = Buffer.from(JSON.stringify(content));
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-crc32': String(crc32(bytes)),
    'content-length': String(bytes.length),
  };
  return { status, headers, steps: [{ bytes }] };
}
