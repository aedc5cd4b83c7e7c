import type { IncomingMessage } from 'node:http';
import { checkProject } from './account/projects.ts';
import type { CallLog } from './call-log.ts';
import { comprehendTarget, detectPii } from './comprehend.ts';
import { controlPlane } from './control/operations.ts';
import { BedrockError, type ExceptionName } from './errors.ts';
import { applyGuardrail } from './guardrail/apply.ts';
import { hasGuardrailChecks, invokeGuardrailChecks } from './guardrail/checks.ts';
import { findCountable, findModel } from './models/find.ts';
import { isFromFrontDoor, refusalReply } from './openai/error.ts';
import { mantleOperations } from './openai/mantle.ts';
import { type OpenAiOperation, openAiOperations } from './openai/operations.ts';
import type { ModelOperation, Reply } from './operation.ts';
import { operations } from './operations.ts';
import { jsonReply } from './reply.ts';
import type { World } from './world.ts';

export interface Incoming {
  request: IncomingMessage;
  body: Buffer;
  region: string;
  world: World;
  log: CallLog;
  failing: ReadonlyMap<string, ExceptionName>;
  /** The call is for the other endpoint. */
  isMantle: boolean;
}

const guardrailPath = /^\/guardrail\/([^/]+)\/version\/([^/]+)\/apply$/;
const modelPath = /^\/model\/([^/]+)\/([a-z-]+)$/;
const names: Record<ModelOperation, string> = {
  converse: 'Converse',
  'converse-stream': 'ConverseStream',
  invoke: 'InvokeModel',
  'invoke-with-response-stream': 'InvokeModelWithResponseStream',
  'count-tokens': 'CountTokens',
};

/** Finds the operation of a call and runs it. Throws BedrockError. */
export function route(incoming: Incoming): Reply {
  const [path = '', query = ''] = (incoming.request.url ?? '').split('?');
  if (incoming.isMantle) return mantleCall(path, incoming);
  const posts = incoming.request.method === 'POST';
  const match = posts ? modelPath.exec(path) : null;
  if (match) return runtime(match[1]!, match[2]!, incoming);
  if (posts && path === '/') return comprehendCall(incoming);
  const guardrail = posts ? guardrailPath.exec(path) : null;
  if (guardrail) return guardrailCall(decode(guardrail[1]!), decode(guardrail[2]!), incoming);
  if (posts && path === '/guardrail-checks/invoke') return checksCall(incoming);
  const openAi = openAiOperations.find(
    (each) => each.method === incoming.request.method && each.path.test(path),
  );
  if (openAi) return openAiCall(openAi, path, incoming);
  return control(path, query, incoming);
}

/** Another host, which knows none of the runtime's paths. */
function mantleCall(path: string, incoming: Incoming): Reply {
  const { method } = incoming.request;
  const found = mantleOperations.find((each) => each.method === method && each.path.test(path));
  if (found) return openAiCall(found, path, incoming);
  return jsonReply(
    { error: { message: 'Not Found', type: 'invalid_request_error', param: null, code: null } },
    {},
    404,
  );
}

/** Refuses in OpenAI's form what is not refused before. */
function openAiCall(operation: OpenAiOperation, path: string, incoming: Incoming): Reply {
  const { request, region, world, log } = incoming;
  log.operation = operation.name;
  try {
    log.body = parse(incoming.body);
    const { model } = Object(log.body) as { model?: unknown };
    if (typeof model === 'string') log.modelId = model;
    const service = incoming.isMantle ? 'bedrock-mantle' : 'bedrock';
    const project = `arn:aws:${service}:${region}:${world.account}:project/default`;
    failIfTold(incoming, operation.action, operation.ofProject && project);
    const id = decode(operation.path.exec(path)?.[1] ?? '');
    return operation.run({ id, body: log.body, headers: request.headers, region, world });
  } catch (error) {
    if (!(error instanceof BedrockError) || isFromFrontDoor(error)) throw error;
    log.error = error.exception;
    return refusalReply(error);
  }
}

function runtime(encodedId: string, word: string, incoming: Incoming): Reply {
  const { request, region, world, log } = incoming;
  const operation = word as ModelOperation;
  const run = operations[operation];
  if (!run) return unknownOperation();
  const modelId = decode(encodedId);
  log.operation = names[operation];
  log.modelId = modelId;
  log.body = parse(incoming.body);
  failIfTold(incoming);
  const find = operation === 'count-tokens' ? findCountable : findModel;
  const model = find(modelId, region, world);
  checkProject({ operation, modelId, body: log.body, headers: request.headers, region, world });
  return run({ operation, modelId, model, body: log.body, headers: request.headers, region, world });
}

function guardrailCall(identifier: string, version: string, incoming: Incoming): Reply {
  const { region, world, log } = incoming;
  log.operation = 'ApplyGuardrail';
  log.body = parse(incoming.body);
  failIfTold(incoming);
  return applyGuardrail({ identifier, version, body: log.body, region, world });
}

/** Where it is not offered, the path is one that the service does not know. */
function checksCall(incoming: Incoming): Reply {
  const { region, log } = incoming;
  if (!hasGuardrailChecks(region)) return unknownOperation();
  log.operation = 'InvokeGuardrailChecks';
  log.body = parse(incoming.body);
  failIfTold(incoming);
  return invokeGuardrailChecks(log.body);
}

/** AWS JSON 1.1, as Comprehend speaks it: the operation is a header's. */
function comprehendCall(incoming: Incoming): Reply {
  const { request, log } = incoming;
  if (request.headers['content-type'] !== 'application/x-amz-json-1.1') return unknownOperation();
  if (request.headers['x-amz-target'] !== comprehendTarget)
    throw new BedrockError('UnknownOperationException', 'Unknown operation');
  log.operation = 'DetectPiiEntities';
  log.body = parse(incoming.body);
  failIfTold(incoming, 'comprehend:DetectPiiEntities');
  return detectPii(log.body);
}

function control(path: string, query: string, incoming: Incoming): Reply {
  const { request, region, world, log } = incoming;
  const segments = path.split('/').slice(1).map(decode);
  const found = controlPlane.find(
    (each) =>
      each.method === request.method && each.path.length <= segments.length && fits(each.path, segments),
  );
  if (!found) return unknownOperation();
  log.operation = found.name;
  log.body = parse(incoming.body);
  failIfTold(incoming);
  const parameters = segments.slice(found.path.indexOf('*')).join('/');
  const answer = found.run({
    parameter: parameters,
    query: new URLSearchParams(query),
    body: log.body,
    region,
    world,
  });
  return jsonReply(answer, {}, found.status ?? 200);
}

/** `*` stands for the rest of the path: ids may be ARNs whose slashes some clients leave unencoded. */
function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  const open = pattern.at(-1) === '*';
  if (!open && pattern.length !== segments.length) return false;
  return pattern.every((word, i) => word === '*' || word === segments[i]);
}

/** Not an error status: that is how the service answers a path it does not know (live, August 2026). */
const unknownOperation = () =>
  jsonReply({ Output: { __type: 'com.amazon.coral.service#UnknownOperationException' }, Version: '1.0' });

function failIfTold(
  { failing, log, world }: Incoming,
  action = `bedrock:${log.operation}`,
  resource?: string,
): void {
  const session = world.sessions.get(log.accessKeyId ?? '');
  const exception =
    session && !session.role.mayInvoke ? 'AccessDeniedException' : failing.get(log.operation ?? '');
  if (!exception) return;
  const where = resource ? ` on resource: ${resource}` : '';
  throw new BedrockError(
    exception,
    exception === 'AccessDeniedException'
      ? `User: ${session?.arn ?? `arn:aws:sts::${world.account}:assumed-role/gateway/session`} is not authorized to perform: ${action}${where} because no identity-based policy allows the ${action} action`
      : 'Too many requests, please wait before trying again.',
  );
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new BedrockError('SerializationException', 'Could not parse request body');
  }
}
