import type { IncomingMessage } from 'node:http';
import type { CallLog } from '../call-log.ts';
import { BedrockError, type ExceptionName } from '../errors.ts';
import type { Reply } from '../operation.ts';
import { checkSignature } from '../signature.ts';
import type { World } from '../world.ts';
import { cloudFormation } from './cloudformation.ts';
import { checkSession } from './roles.ts';
import { secretsManager } from './secrets-manager.ts';
import { type AccountCall, type AccountService, ServiceError } from './service.ts';
import { sts } from './sts.ts';

/** The services beside Bedrock that the command line asks. */
export const accountServices: readonly AccountService[] = [sts, cloudFormation, secretsManager];

/** The service of a path: the SDK posts to the root of an endpoint. */
export const accountServiceAt = (url: string | undefined): AccountService | undefined =>
  accountServices.find(({ name }) => url === `/${name}/`);

interface Asked {
  request: IncomingMessage;
  body: Buffer;
  world: World;
  log: CallLog;
  failing: ReadonlyMap<string, ExceptionName>;
}

/** Answers as the service does, its refusals among the answers. */
export function answerForAccount(service: AccountService, asked: Asked): Reply {
  const { log } = asked;
  const reply = (status: number, text: string): Reply => ({
    status,
    headers: { 'content-type': service.contentType },
    steps: [{ bytes: Buffer.from(text) }],
  });
  try {
    return reply(200, run(service, asked));
  } catch (error) {
    const refused = toServiceError(error, service);
    log.error = refused.code;
    return reply(refused.status, service.refusal(refused, log.requestId));
  }
}

function run(service: AccountService, { request, body, world, log, failing }: Asked): string {
  const { accessKeyId, region = world.region } = checkSignature(request.headers, body, world.now(), [
    service.name,
  ]);
  Object.assign(log, { accessKeyId, region });
  checkSession(accessKeyId, request.headers['x-amz-security-token'], world);
  const call: AccountCall = { headers: request.headers, body: body.toString(), region, accessKeyId, world };
  const operation = request.method === 'POST' ? service.operationOf(call) : undefined;
  if (operation === undefined) throw new ServiceError('MissingAction', 'Missing Action');
  log.operation = operation;
  const told = failing.get(operation);
  if (told) throw new BedrockError(told, deniedText(service.name, operation, world));
  return service.run(operation, call);
}

const deniedText = (service: string, operation: string, { account }: World) =>
  `User: arn:aws:sts::${account}:assumed-role/gateway/session is not authorized to perform: ${service}:${operation} because no identity-based policy allows the ${service}:${operation} action`;

function toServiceError(error: unknown, service: AccountService): ServiceError {
  if (error instanceof ServiceError) return error;
  if (!(error instanceof BedrockError))
    return new ServiceError('InternalFailure', `The simulator failed: ${String(error)}`, 500);
  const { code, status } = service.codes[error.exception] ?? { code: error.exception, status: error.status };
  return new ServiceError(code, error.message, status);
}
