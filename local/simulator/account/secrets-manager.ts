import { secretArn, secretName } from './deployment.ts';
import { type AccountCall, type AccountService, ServiceError } from './service.ts';

const target = 'secretsmanager.';

/** AWS's JSON protocol 1.1: the operation stands in a header, and the faults of its front door are 400. */
export const secretsManager: AccountService = {
  name: 'secretsmanager',
  contentType: 'application/x-amz-json-1.1',
  codes: {
    MissingAuthenticationTokenException: { code: 'MissingAuthenticationTokenException', status: 400 },
    IncompleteSignatureException: { code: 'IncompleteSignatureException', status: 400 },
    InvalidSignatureException: { code: 'InvalidSignatureException', status: 400 },
    UnrecognizedClientException: { code: 'UnrecognizedClientException', status: 400 },
    ExpiredTokenException: { code: 'ExpiredTokenException', status: 400 },
    AccessDeniedException: { code: 'AccessDeniedException', status: 400 },
    ThrottlingException: { code: 'ThrottlingException', status: 400 },
  },
  operationOf({ headers }) {
    const asked = String(headers['x-amz-target'] ?? '');
    return asked.startsWith(target) ? asked.slice(target.length) : undefined;
  },
  run(operation, call) {
    const answer = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (!answer) throw new ServiceError('UnknownOperationException', '');
    return JSON.stringify(answer(inputOf(call), call));
  },
  refusal: ({ code, message }) => JSON.stringify({ __type: code, Message: message }),
};

type Input = Readonly<Record<string, unknown>>;

const operations: Readonly<Record<string, (input: Input, call: AccountCall) => Record<string, unknown>>> = {
  GetSecretValue: getSecretValue,
  PutSecretValue: putSecretValue,
  UpdateSecretVersionStage: updateSecretVersionStage,
};

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
function getSecretValue({ VersionId, VersionStage }: Input, { world }: AccountCall): Record<string, unknown> {
  const stage = String(VersionStage ?? 'AWSCURRENT');
  const found = VersionId === undefined ? world.secret.byStage(stage) : world.secret.byId(String(VersionId));
  const fits = VersionId === undefined || VersionStage === undefined || found?.stages.includes(stage);
  if (!found || !fits) {
    const asked = VersionId === undefined ? `staging label: ${stage}` : `VersionId: ${String(VersionId)}`;
    throw new ServiceError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${asked}`,
    );
  }
  return {
    ...names(world),
    CreatedDate: found.createdAt / 1000,
    SecretString: found.text,
    VersionId: found.id,
    VersionStages: found.stages,
  };
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
function putSecretValue(input: Input, { world }: AccountCall): Record<string, unknown> {
  const { ClientRequestToken: id, SecretString: text, VersionStages = ['AWSCURRENT'] } = input;
  if (typeof text !== 'string') {
    throw new ServiceError(
      'InvalidRequestException',
      'You must provide either SecretString or SecretBinary.',
    );
  }
  if (Buffer.byteLength(text) > 65_536) throw violation('secretString', 'length less than or equal to 65536');
  if (typeof id !== 'string' || id.length < 32 || id.length > 64) {
    throw new ServiceError('InvalidParameterException', 'ClientRequestToken must be 32-64 characters long.');
  }
  const stages = Array.isArray(VersionStages) ? VersionStages.map(String) : [];
  if (stages.length < 1 || stages.length > 20)
    throw violation('versionStages', 'length between 1 and 20, inclusive');
  const version = world.secret.put({ id, text, createdAt: world.now() }, stages);
  return { ...names(world), VersionId: version.id, VersionStages: version.stages };
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html */
function updateSecretVersionStage(input: Input, { world }: AccountCall): Record<string, unknown> {
  const { VersionStage: stage, MoveToVersionId: to, RemoveFromVersionId: from } = input;
  if (typeof stage !== 'string') throw violation('versionStage', undefined);
  const text = (value: unknown) => (value === undefined ? undefined : String(value));
  world.secret.move(stage, text(to), text(from));
  return names(world);
}

const names = (world: AccountCall['world']) => ({ ARN: secretArn(world), Name: secretName });

/** `constraint` undefined: the member is missing. */
const violation = (member: string, constraint: string | undefined): ServiceError =>
  new ServiceError(
    'ValidationException',
    `1 validation error detected: Value ${constraint === undefined ? 'null ' : ''}at '${member}' failed to satisfy constraint: Member must ${constraint === undefined ? 'not be null' : `have ${constraint}`}`,
  );

/** What is asked of the one secret that there is. Throws ServiceError. */
function inputOf({ body, region, world }: AccountCall): Input {
  const input = readInput(body);
  if (typeof input.SecretId !== 'string') throw violation('secretId', undefined);
  if (region !== world.region || ![secretArn(world), secretName].includes(input.SecretId))
    throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  return input;
}

function readInput(body: string): Input {
  try {
    return JSON.parse(body);
  } catch {
    throw new ServiceError('SerializationException', '');
  }
}
