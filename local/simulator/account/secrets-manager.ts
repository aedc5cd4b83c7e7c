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
    if (operation !== 'GetSecretValue') throw new ServiceError('UnknownOperationException', '');
    return JSON.stringify(getSecretValue(call));
  },
  refusal: ({ code, message }) => JSON.stringify({ __type: code, Message: message }),
};

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
function getSecretValue({ body, region, world }: AccountCall): Record<string, unknown> {
  const { SecretId, VersionStage = 'AWSCURRENT' } = readInput(body);
  if (typeof SecretId !== 'string') {
    throw new ServiceError(
      'ValidationException',
      "1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null",
    );
  }
  const arn = secretArn(world);
  if (region !== world.region || ![arn, secretName].includes(SecretId)) {
    throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
  if (VersionStage !== 'AWSCURRENT') {
    throw new ServiceError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`,
    );
  }
  return {
    ARN: arn,
    CreatedDate: Date.parse('2026-11-02T08:15:00Z') / 1000,
    Name: secretName,
    SecretString: world.deployment.secret,
    VersionId: '3f2a1b0c-9d8e-4f7a-8b6c-5d4e3f2a1b0c',
    VersionStages: ['AWSCURRENT'],
  };
}

function readInput(body: string): { SecretId?: unknown; VersionStage?: unknown } {
  try {
    return JSON.parse(body);
  } catch {
    throw new ServiceError('SerializationException', '');
  }
}
