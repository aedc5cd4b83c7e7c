import { field, note } from '../../fields.ts';
import type { ErrorContext, Row } from './row.ts';
import type { Said } from './said.ts';

/** Who may call which model: credentials, access, end of life. */

const invalid = { status: 400 } as const;
const denied = {
  status: 403,
  reason: 'access_denied',
  code: 'model_access_denied',
  param: 'model',
} as const;
const missing = {
  status: 404,
  code: 'model_not_found',
  param: 'model',
  facts: (_: Said, { model }: ErrorContext) => ({ missingModel: model }),
} as const;

const refusedCredentials = [
  'UnrecognizedClientException',
  'InvalidClientTokenIdException',
  'ExpiredTokenException',
  'ExpiredToken',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignatureException',
  'IncompleteSignature',
  'MissingAuthenticationTokenException',
  'MissingAuthenticationToken',
  'RequestExpired',
  'OptInRequired',
  // The SDK's own, when it finds no credentials to sign with.
  'CredentialsProviderError',
  'TokenProviderError',
];

const upstreamAuth = {
  status: 500,
  reason: 'upstream_auth',
  code: 'upstream_auth',
  message: () =>
    'The gateway could not sign in to Amazon Bedrock: its AWS credentials are missing, expired or not accepted. Its operator has to correct them.',
} as const;

export const credentialRows: readonly Row[] = [
  {
    names: refusedCredentials,
    caller: true,
    status: 401,
    reason: 'unauthenticated',
    code: 'invalid_aws_credentials',
    message: () =>
      'AWS did not accept the credentials of this request. Check the access key, the secret key, the session token and its expiry.',
  },
  {
    names: refusedCredentials,
    ...upstreamAuth,
  },
];

export const accessRows: readonly Row[] = [
  {
    // A Bedrock API key that is refused: the gateway's own, since callers' keys are never sent on.
    names: ['AccessDeniedException'],
    text: /^(Invalid API Key format|Authentication failed: Please make sure your API Key is valid)/i,
    ...upstreamAuth,
  },
  {
    // A model that takes no cache points says so with a 403.
    names: ['AccessDeniedException'],
    text: /did not allow prompt caching/i,
    ...invalid,
    reason: 'unsupported',
    code: 'unsupported_parameter',
    message: (_, { model }) =>
      note`The model \`${model}\` does not support prompt caching, or Bedrock does not offer it here. Remove the cache points (${field('cachePoint')}) and try again.`,
  },
  {
    text: /marked by provider as legacy/i,
    ...missing,
    ofModel: true,
    reason: 'end_of_life',
    message: (_, { model }) =>
      `The model \`${model}\` is a legacy model that this AWS account has not used lately, so Bedrock no longer offers it to the account. Use a current model; GET /v1/models lists those there are.`,
  },
  {
    text: /reached the end of its life/i,
    ...missing,
    ofModel: true,
    reason: 'end_of_life',
    message: (_, { model }) =>
      `The model \`${model}\` has reached the end of its life on Amazon Bedrock. Use a current model; GET /v1/models lists those there are.`,
  },
  {
    text: /use case details have not been submitted/i,
    ...missing,
    ofModel: true,
    reason: 'access_denied',
    message: (_, { model }) =>
      `The model \`${model}\` is not open to this AWS account yet: the use case form of its provider has to be submitted in the Amazon Bedrock console first.`,
  },
  {
    text: /data retention mode/i,
    ...denied,
    ofModel: true,
    message: (said, { model }) =>
      `The model \`${model}\` is not available to this AWS account: ${said.message} Use another model, or have the operator change the setting.`,
  },
  {
    text: /aws-marketplace:|AWS Marketplace subscription/i,
    ...denied,
    ofModel: true,
    message: (said, { model }) => {
      const minutes = /again after (\d+) minutes?/i.exec(said.message)?.[1];
      const pending = minutes ? ` If that has just been done, try again after ${minutes} minutes.` : '';
      return `The model \`${model}\` is not open to this AWS account: its AWS Marketplace subscription is missing or not completed. The operator has to enable the model in the Amazon Bedrock console.${pending}`;
    },
  },
  {
    // AWS's sentence from its beginning: the names of resources that follow may be a client's.
    text: /^User: \S+ is not authorized to perform: ?bedrock:InvokeModel/,
    ...denied,
    ofModel: true,
    message: notAuthorized,
  },
  { text: /is not authorized to perform: ?([\w-]+:\w+)/i, ...denied, message: notAuthorized },
  {
    names: ['AccessDeniedException'],
    text: /^You don['\u2019]t have access to the model with the specified model ID/,
    ...denied,
    ofModel: true,
    message: noAccess,
  },
  { names: ['AccessDeniedException'], ...denied, message: noAccess },
];

function notAuthorized(said: Said, { model, callerCredentials, billing }: ErrorContext): string {
  const ofGateway = billing?.role ? 'The AWS role of this API key' : 'The gateway’s AWS role';
  const who = callerCredentials ? 'The AWS credentials of this request' : ofGateway;
  const action = /perform: ?([\w-]+:\w+)/i.exec(said.message)?.[1] ?? 'bedrock:InvokeModel';
  const where = said.deniedIn === undefined || said.deniedIn === 'any' ? '' : ` in ${said.deniedIn}`;
  const what = `${who} may not call the model \`${model}\`${where} (${action}).`;
  if (!/service control policy/i.test(said.message))
    return `${what} Its owner has to allow that in IAM, for the model and for the profile it is called through.`;
  return `${what} A service control policy of the AWS organisation denies it. ${wayOut(said.deniedIn)}`;
}

/** One region denied fails every call of a profile that may go there (control-tower-customizations#211). */
function wayOut(region: string | undefined): string {
  if (region === undefined) return 'Use a profile of another geography, or have the policy changed.';
  if (region === 'any')
    return 'Global profiles run in any region: use one of a geography (`us.`, `eu.` …), or set RESIDENCY to geography.';
  return `A profile fails when one of its regions is denied: have ${region} allowed, or use a profile that does not go there.`;
}

function noAccess(_: Said, { model, callerCredentials }: ErrorContext): string {
  return `${callerCredentials ? 'The AWS account of this request' : 'The gateway’s AWS account'} has no access to the model \`${model}\`. Access is granted in the Amazon Bedrock console.`;
}
