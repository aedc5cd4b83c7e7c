import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { accountServiceAt, answerForAccount } from './account/answer.ts';
import type { Deployment } from './account/deployment.ts';
import type { RoleSession, SimulatedRole } from './account/roles.ts';
import { checkSession } from './account/roles.ts';
import { type CallLog, remember } from './call-log.ts';
import { deliver } from './deliver.ts';
import { targetPrefix } from './dynamodb/handle.ts';
import { DynamoDb } from './dynamodb/service.ts';
import { BedrockError, type ExceptionName } from './errors.ts';
import { jsonReply } from './reply.ts';
import { route } from './route.ts';
import { S3Refusal } from './s3/refusal.ts';
import { s3Refusal, s3Route } from './s3/route.ts';
import { checkS3Signature, inS3Words } from './s3/signature.ts';
import type { Buckets } from './s3/store.ts';
import { checkSignature, isSignedForS3 } from './signature.ts';
import { World } from './world.ts';

export interface SimulatorOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Home of the account's own models; `us-east-1`. */
  region?: string;
  /** Twelve digits; `123456789012`. */
  account?: string;
  /** true, the default: turns must alternate, as Bedrock demanded until 2025. false: it merges them. */
  strict?: boolean;
  /** The most items of a page of the control plane, whatever `maxResults` allows; 1000. */
  largestPage?: number;
  /** true: models that have ended still answer, for tests of what is there for them; false. */
  retired?: boolean;
  /** Milliseconds after each event of a stream, for people to watch; 0. */
  msPerEvent?: number;
  /** IAM roles of the account that its gateway may assume; the usual ones. */
  roles?: readonly SimulatedRole[];
  /** Tables of DynamoDB that the account has, with the key `pk` and `sk`; none. */
  tables?: readonly string[];
  /** What CloudFormation and Secrets Manager know of a deployed gateway. */
  deployment?: Partial<Deployment>;
  now?: () => number;
}

export interface Simulator {
  url: string;
  port: number;
  /** The latest 1000 calls, oldest first. */
  calls: CallLog[];
  /** Operations that fail until taken out again, e.g. `ListImportedModels` → `AccessDeniedException`. */
  failing: Map<string, ExceptionName>;
  /** Operations that are answered only when their promise resolves; one that never does makes them hang. */
  held: Map<string, Promise<unknown>>;
  /** Sessions of roles that STS has given credentials for, by the id of their access key. */
  sessions: ReadonlyMap<string, RoleSession>;
  /** DynamoDB, at the same address: its calls are not among `calls`. */
  dynamoDb: DynamoDb;
  /** What is in S3. */
  buckets: Buckets;
  /** Moves the clock of batch jobs forward by so many milliseconds. */
  advanceJobs(ms: number): void;
  openConnections(): number;
  /** Forgets calls, failures, held operations, caches, counters, created profiles, objects and jobs. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts Bedrock on 127.0.0.1: the runtime and the control plane, S3 and DynamoDB beside them, over HTTP/1.1. The account's
 * other services are in folders of the same URL.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { region = 'us-east-1', account = '123456789012', strict = true, now = Date.now } = options;
  const { largestPage, retired, deployment, roles } = options;
  const world = new World({ region, account, strict, now, largestPage, retired, deployment, roles });
  const calls: CallLog[] = [];
  const context = {
    world,
    calls,
    failing: new Map<string, ExceptionName>(),
    held: new Map<string, Promise<unknown>>(),
    dynamoDb: new DynamoDb(options.tables ?? []),
    msPerEvent: options.msPerEvent ?? 0,
  };
  const sockets = new Set<Socket>();
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
    answer(request, response, context).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls,
    failing: context.failing,
    held: context.held,
    sessions: world.sessions,
    dynamoDb: context.dynamoDb,
    buckets: world.buckets,
    advanceJobs: (ms) => world.jobs.advance(ms),
    openConnections: () => sockets.size,
    reset: () => {
      calls.length = 0;
      context.failing.clear();
      context.held.clear();
      world.forget();
      context.dynamoDb.forget();
    },
    close: () => close(server, sockets),
  };
}

interface Context {
  world: World;
  calls: CallLog[];
  failing: ReadonlyMap<string, ExceptionName>;
  held: ReadonlyMap<string, Promise<unknown>>;
  dynamoDb: DynamoDb;
  msPerEvent: number;
}

async function answer(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const log = newLog(request);
  const table = tableOperation(request);
  if (table === undefined) remember(context.calls, log);
  response.once('close', () => {
    log.aborted = !response.writableFinished && !log.reset;
    log.done = true;
  });
  const reply =
    table === undefined
      ? await makeReply(request, log, context)
      : await makeTableReply(request, table, context);
  if (table !== undefined) log.operation = table;
  await context.held.get(log.operation ?? '');
  await deliver(reply, response, log, context.msPerEvent);
}

async function makeReply(request: IncomingMessage, log: CallLog, { world, failing }: Context) {
  try {
    const body = await readBody(request);
    const account = accountServiceAt(request.url);
    if (account) return answerForAccount(account, { request, body, world, log, failing });
    const isS3 = isSignedForS3(request.headers);
    const check = () => checkSignature(request.headers, body, world.now(), isS3 ? ['s3'] : undefined);
    const caller = isS3 ? inS3Words(check) : check();
    log.accessKeyId = caller.accessKeyId;
    checkSession(caller.accessKeyId, request.headers['x-amz-security-token'], world);
    const { region = world.region } = caller;
    log.region = region;
    if (isS3) {
      checkS3Signature(request, body);
      return s3Route(request, body, world.buckets, log, failing);
    }
    const isMantle = caller.service === 'bedrock-mantle';
    return route({ request, body, region, world, log, failing, isMantle });
  } catch (error) {
    if (error instanceof S3Refusal) {
      log.error = error.code;
      return s3Refusal(error, log.path, log.requestId);
    }
    const refusal =
      error instanceof BedrockError
        ? error
        : new BedrockError('InternalServerException', `The simulator failed: ${String(error)}`);
    log.error = refusal.exception;
    return refuse(refusal);
  }
}

/** The operation of DynamoDB that a call is for, if it is for one. */
function tableOperation({ headers }: IncomingMessage): string | undefined {
  const target = String(headers['x-amz-target'] ?? '');
  return target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : undefined;
}

async function makeTableReply(request: IncomingMessage, operation: string, { world, dynamoDb }: Context) {
  const body = await readBody(request);
  try {
    checkSignature(request.headers, body, world.now(), ['dynamodb']);
  } catch (error) {
    if (!(error instanceof BedrockError)) throw error;
    const { exception, message } = error;
    return jsonReply({ __type: `com.amazon.coral.service#${exception}`, message }, {}, 400);
  }
  return dynamoDb.answer(operation, body);
}

function refuse(error: BedrockError) {
  const headers = { 'x-amzn-errortype': error.errorType };
  return jsonReply({ message: error.message, ...error.extra }, headers, error.status);
}

function newLog(request: IncomingMessage): CallLog {
  const headers = Object.entries(request.headers).filter(([name]) => name !== 'authorization');
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    requestId: randomUUID(),
    status: 0,
    events: 0,
    aborted: false,
    reset: false,
    done: false,
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function close(server: Server, sockets: Set<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  await closed;
}
