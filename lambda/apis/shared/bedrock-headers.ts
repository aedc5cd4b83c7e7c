import { isObject, parseJson } from '../../canonical/json.ts';
import type { Config } from '../../config.ts';
import { reasoningFields } from '../../settings/values.ts';
import { badRequest } from './bad-request.ts';
import { notAllowed } from './json.ts';

/**
 * Parameters that clients send as headers: Bedrock's own guardrail and metadata headers
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html) and Anthropic's beta
 * flags. Returned as members of a request body; what the body says itself wins.
 */
export function headerParameters(headers: Headers): Record<string, unknown> {
  const guardrailIdentifier = headers.get('x-amzn-bedrock-guardrailidentifier');
  const trace = headers.get('x-amzn-bedrock-trace');
  const beta = headers.get('anthropic-beta');
  const metadata = metadataHeaders.find((name) => headers.get(name));
  return {
    ...(guardrailIdentifier && {
      guardrailConfig: {
        guardrailIdentifier,
        guardrailVersion: headers.get('x-amzn-bedrock-guardrailversion') ?? 'DRAFT',
        ...(trace && { trace: trace.toLowerCase() }),
      },
    }),
    ...(beta && {
      anthropic_beta: beta
        .split(',')
        .map((flag) => flag.trim())
        .filter(Boolean),
    }),
    ...(metadata && { requestMetadata: metadataOf(metadata, headers) }),
  };
}

/** Where this client reads reasoning, from a header that any client can be made to send. Throws a 400. */
export const askedReasoningFields = (headers: Headers): Config['reasoningFields'] | undefined =>
  askedIn(headers, 'x-gateway-reasoning-fields', reasoningFields);

/** The one way in which this client wants its request sent to Bedrock. Throws a 400. */
export const askedLane = (headers: Headers) => askedIn(headers, 'x-gateway-path', ['converse', 'native']);

function askedIn<const T extends string>(
  headers: Headers,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const asked = headers.get(name);
  if (asked === null) return undefined;
  const found = allowed.find((each) => each === asked.trim());
  if (!found) throw notAllowed(asked, name, allowed);
  return found;
}

/** The first that has something counts. */
export const metadataHeaders = ['x-bedrock-metadata', 'x-amzn-bedrock-request-metadata'];

function metadataOf(name: string, headers: Headers): unknown {
  const parsed = parseJson(headers.get(name) ?? '');
  if (isObject(parsed?.value)) return parsed.value;
  throw badRequest(`Invalid '${name}' header: expected a JSON object of strings.`, name);
}
