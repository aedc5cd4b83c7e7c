import { GatewayError } from '../../lambda/errors.ts';

/** What to do about a failure, by the name of AWS's error or of the system's. `action`: the IAM action asked for. */
const advice: Readonly<Record<string, (action: string) => string>> = {
  CredentialsProviderError: () =>
    'No AWS credentials were found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, log in with `aws sso login`, or set AWS_BEARER_TOKEN_BEDROCK to a Bedrock API key.',
  ExpiredTokenException: () =>
    'The credentials have expired. Renew them (`aws sso login`, or a new session).',
  ExpiredToken: () => 'The credentials have expired. Renew them (`aws sso login`, or a new session).',
  UnrecognizedClientException: () =>
    'AWS does not know these credentials. Check the key pair, and that it belongs to this partition (GovCloud and China have their own).',
  InvalidClientTokenId: () =>
    'AWS does not know these credentials. Check the key pair, and that it belongs to this partition (GovCloud and China have their own).',
  SignatureDoesNotMatch: () =>
    'The signature was refused. Check the secret key, and that the clock of this machine is right.',
  InvalidSignatureException: () =>
    'The signature was refused. Check the secret key, and that the clock of this machine is right.',
  AccessDeniedException: (action) =>
    `Allow ${action} in the policy of this user or role (and in the organisation’s).`,
  ModelNotReadyException: () => 'The imported model is being loaded. Wait some minutes and run this again.',
  ValidationException: () => 'Bedrock does not take this name here. Run `gateway resolve` with it.',
  ThrottlingException: () => 'AWS is throttling. Wait a minute and run this again.',
  ResourceNotFoundException: () =>
    'There is no such model in this region, or it has reached its end of life.',
  ENOTFOUND: () => 'Bedrock has no endpoint of this name. Check AWS_REGION and GATEWAY_REGIONS.',
  ECONNREFUSED: () => 'Nothing answers there. Check AWS_ENDPOINT_URL_BEDROCK, proxies and VPC endpoints.',
  TimeoutError: () => 'No answer in time. Check the network: proxies, VPC endpoints, security groups.',
};

const general = () =>
  'Look the error up at https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html.';

/** The name an error is known by: what AWS called it, or a system error's code, which says more than its class. */
export function errorName(error: unknown): string {
  if (error instanceof GatewayError) return error.upstream?.name ?? error.reason;
  if (!(error instanceof Error)) return 'Error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

export function adviceFor(error: unknown, action: string): string {
  const name = errorName(error);
  return (Object.hasOwn(advice, name) ? advice[name]! : general)(action);
}
