import { randomUUID } from 'node:crypto';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../lambda/bedrock/sha256.ts';
import { keySchema } from '../../local/simulator/dynamodb/service.ts';
import type { Step } from './cases.ts';

export interface Answered {
  status: number;
  body: Record<string, unknown>;
}
export type Ask = (operation: string, input: Record<string, unknown>) => Promise<Answered>;

/** Asks a DynamoDB at an address, in its JSON. Credentials are those of the environment. */
export function askAt(
  endpoint: string,
  region = process.env.AWS_REGION ?? 'us-east-1',
  service = 'dynamodb',
): Ask {
  const {
    AWS_ACCESS_KEY_ID = 'AKIATEST',
    AWS_SECRET_ACCESS_KEY = 'test-secret',
    AWS_SESSION_TOKEN,
  } = process.env;
  const signer = new SignatureV4({
    service,
    region,
    sha256: Sha256,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  });
  return async (operation, input) => {
    const { host, hostname, port, protocol } = new URL(endpoint);
    const body = JSON.stringify(input);
    const request = new HttpRequest({
      method: 'POST',
      protocol,
      hostname,
      ...(port && { port: Number(port) }),
      path: '/',
      headers: {
        host,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      body,
    });
    const { headers } = await signer.sign(request);
    const { host: _, ...sent } = headers;
    const response = await fetch(`${endpoint}/`, { method: 'POST', headers: sent, body });
    return { status: response.status, body: parsed(await response.text()) };
  };
}

/** What is no JSON is shown as it is. */
function parsed(text: string): Answered['body'] {
  try {
    return Object(JSON.parse(text)) as Answered['body'];
  } catch {
    return { unreadable: text };
  }
}

/** A table of its own, as the stack makes it; resolves with its name when it can be used. */
export async function makeTable(ask: Ask): Promise<string> {
  const TableName = `bedrock-gateway-test-${randomUUID()}`;
  const made = await ask('CreateTable', { TableName, ...keySchema, BillingMode: 'PAY_PER_REQUEST' });
  if (made.status !== 200) throw new Error(`The table cannot be made: ${JSON.stringify(made.body)}`);
  for (;;) {
    const { body } = await ask('DescribeTable', { TableName });
    if ((body.Table as { TableStatus?: string } | undefined)?.TableStatus === 'ACTIVE') return TableName;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** What is wrong with the answer to a step; undefined: nothing. */
export function wrongWith({ answer, refused }: Step, { status, body }: Answered): string | undefined {
  const told = `${status} ${JSON.stringify(body).slice(0, 600)}`;
  if (refused) {
    const [name, message] = refused;
    // DynamoDB counts some of its refusals, and the same ones not at other times.
    const said = String(body.message ?? body.Message).replace(uncounted(message), '');
    const isName = status === 400 && String(body.__type).endsWith(`#${name}`);
    const isSaid = typeof message === 'string' ? said === message : message.test(said);
    return isName && isSaid ? undefined : `expected ${name}: ${message}, got ${told}`;
  }
  if (status !== 200) return `expected an answer, got ${told}`;
  for (const [member, value] of Object.entries(answer ?? {}))
    if (canonical(body[member]) !== canonical(value))
      return `expected ${member} ${canonical(value)}, got ${told}`;
  return undefined;
}

const uncounted = (message: string | RegExp) =>
  String(message).includes('1 validation error') ? '' : '1 validation error detected: ';

/** The order of members says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
