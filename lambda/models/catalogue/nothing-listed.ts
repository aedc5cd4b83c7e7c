import { listings } from '../../bedrock/control-plane.ts';
import { GatewayError, type Reason } from '../../errors.ts';
import type { Source, Trouble } from './listing.ts';

/** What is said first where listings failed for several reasons: what stops everything, and what a person can correct. */
const order: readonly Reason[] = ['upstream_auth', 'access_denied', 'connection', 'throttled', 'timeout'];

/** The SDK's own names where it has nothing to sign with. */
const noCredentials = new Set(['CredentialsProviderError', 'TokenProviderError']);

/**
 * The error for a list of models that is empty because nothing could be listed: an empty list would say that
 * the account has no models. Names the cause and what to do; names no account and no role.
 */
export function nothingListed(sources: readonly Source[]): GatewayError {
  const failed = sources.flatMap((source) => {
    const trouble = source.listing.trouble();
    return trouble ? [{ ...source, trouble }] : [];
  });
  const rank = ({ trouble }: { trouble: Trouble }) => {
    const at = order.indexOf(trouble.error.reason);
    return at < 0 ? order.length : at;
  };
  const [worst] = failed.toSorted((a, b) => rank(a) - rank(b));
  if (!worst) return notYet(sources);
  const alike = failed.filter(({ trouble }) => trouble.error.reason === worst.trouble.error.reason);
  const { error } = worst.trouble;
  const { status, reason, retryAfterMs } = error;
  return new GatewayError({
    status,
    reason,
    ...(error.code !== null && { code: error.code }),
    ...(reason === 'access_denied' && { code: 'listing_denied' }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    message: `The models cannot be listed: ${cause(worst.trouble, alike)}`,
    cause: error,
  });
}

function cause({ name, error }: Trouble, alike: readonly Source[]): string {
  const where = regionsOf(alike);
  switch (error.reason) {
    case 'upstream_auth':
      return noCredentials.has(name)
        ? `the gateway has found no AWS credentials (${name}). Its operator has to give it some: AWS_PROFILE, \`aws sso login\`, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. \`npx gateway doctor\` checks them.`
        : `AWS does not accept the gateway’s credentials (${name}). Its operator has to renew or correct them. \`npx gateway doctor\` checks them.`;
    case 'access_denied':
      return `the gateway’s AWS role has no permission for that in ${where} (${name}). Its operator has to allow ${actionsOf(alike)}.`;
    case 'connection':
      return `Amazon Bedrock cannot be reached in ${where} (${name}). Its operator has to check that the region exists and has Bedrock (AWS_REGION, GATEWAY_REGIONS), and the network.`;
    case 'throttled':
      return `AWS throttles the listings in ${where} (${name}). Please try again in a minute.`;
    default:
      return `Amazon Bedrock failed in ${where} (${name}). Please try again.`;
  }
}

function notYet(sources: readonly Source[]): GatewayError {
  return new GatewayError({
    status: 504,
    reason: 'timeout',
    code: 'timeout',
    message: `The models cannot be listed yet: Amazon Bedrock has not answered in ${regionsOf(sources)}. Please try again in a few seconds.`,
  });
}

const regionsOf = (sources: readonly Source[]) =>
  [...new Set(sources.map(({ region }) => region))].join(', ');

const actionsOf = (sources: readonly Source[]) =>
  [...new Set(sources.map(({ name }) => listings[name].action))].join(', ');
