import { isObject, parseJson } from '../../canonical/json.ts';
import type { Config } from '../../config.ts';
import { reasoningFields } from '../../settings/values.ts';
import { badRequest } from './bad-request.ts';
import { type Fields, notAllowed } from './json.ts';

const guardrail = 'x-amzn-bedrock-guardrail';

/**
 * Parameters that clients send as headers: Bedrock's own guardrail and metadata headers
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html) and Anthropic's beta
 * flags. Returned as members of a request body.
 */
export function headerParameters(headers: Headers): Fields {
  const get = (name: string) => headers.get(name);
  const guardrailIdentifier = get(`${guardrail}identifier`);
  const trace = get('x-amzn-bedrock-trace');
  const beta = get('anthropic-beta');
  const metadata = metadataHeaders.find(get);
  return {
    ...(guardrailIdentifier && {
      // Of the two names the one that gives way to the other.
      guardrail_config: {
        guardrailIdentifier,
        guardrailVersion: get(`${guardrail}version`) ?? 'DRAFT',
        ...(trace && { trace: trace.toLowerCase() }),
      },
    }),
    ...(beta && { anthropic_beta: beta.split(/[\s,]+/).filter(Boolean) }),
    ...(metadata && { requestMetadata: metadataOf(metadata, get(metadata)!) }),
  };
}

/** A body with what headers say beside it: what it says itself wins, and null says nothing. */
export function withHeaders(said: Fields, body: Fields): Fields {
  const both = { ...said, ...body };
  for (const name in said) both[name] ??= said[name];
  return both;
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
  const found = allowed.find((each) => each === asked?.trim());
  if (!found && asked !== null) throw notAllowed(asked, name, allowed);
  return found;
}

/** The first that has something counts. */
export const metadataHeaders = ['x-bedrock-metadata', 'x-amzn-bedrock-request-metadata'];

function metadataOf(name: string, text: string): unknown {
  const parsed = parseJson(text)?.value;
  if (isObject(parsed)) return parsed;
  throw badRequest(`Invalid '${name}' header: expected a JSON object of strings.`, name);
}
