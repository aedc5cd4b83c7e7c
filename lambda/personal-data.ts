import type { CallerCredentials } from './backends/backend.ts';
import { createPiiDetector } from './bedrock/comprehend.ts';
import type { Config } from './config.ts';
import { badRequest, GatewayError, type Reason } from './errors.ts';
import { type Named, partsFor, valuesAt } from './techniques/reading/named-data.ts';

/** Bytes of a text that Comprehend takes: 100 KB, of which some is left for what the count may not know. */
const maxBytes = 95_000;
/** Parts of one look; a request of the largest size that the gateway takes has fewer. */
const maxParts = 400;
const atOnce = 8;
/** How sure Comprehend must be. A text that is hidden for nothing costs less than a name that is not. */
const leastScore = 0.5;
/** https://docs.aws.amazon.com/comprehend/latest/dg/how-pii.html; what patterns find is theirs. */
const kinds: readonly Named['kind'][] = ['NAME', 'ADDRESS'];

/** Looks for names and addresses, for one caller. Rejects with a GatewayError: what was not looked at must not go out. */
type FindPersonalData = (texts: readonly string[], signal: AbortSignal) => Promise<Named[]>;

/** Finds names and addresses with Amazon Comprehend: `credentials` are a caller's own; the gateway's without. */
export function createPersonalData({
  region,
  privacyDetector,
}: Pick<Config, 'region' | 'privacyDetector'>): (credentials?: CallerCredentials) => FindPersonalData {
  const language = privacyDetector === 'comprehend-es' ? 'es' : 'en';
  const detect = createPiiDetector({ region, language });
  return (credentials) => async (texts, signal) => {
    const parts = partsFor(texts, maxBytes);
    if (parts.length > maxParts)
      throw badRequest('The request has more text than can be looked through for names and addresses.');
    const found: Named[] = [];
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const work = async () => {
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
        const entities = await detect(part, either, credentials).catch((error: unknown) => {
          throw failure(error, signal);
        });
        const sure = entities.filter(({ Score }) => Score >= leastScore);
        for (const kind of kinds) {
          const places = sure
            .filter(({ Type }) => Type === kind)
            .map(({ BeginOffset: begin, EndOffset: end }) => ({ begin, end }));
          for (const value of valuesAt(part, places)) found.push({ kind, value });
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(atOnce, parts.length) }, work));
    } catch (error) {
      // Nobody wants the other parts any more.
      failed.abort();
      throw error;
    }
    return found;
  };
}

/** What was asked is in none of these; nor is what Comprehend says of it. */
function failure(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const name = error instanceof Error ? error.name : 'unknown';
  const [status, reason] = kindOf(name);
  return new GatewayError({
    status,
    reason,
    message: `Amazon Comprehend, which privacy needs to find names and addresses, did not answer (${name.slice(0, 60)}). Nothing was sent to the model.`,
  });
}

function kindOf(name: string): [number, Reason] {
  if (name === 'ThrottlingException' || name === 'TooManyRequestsException') return [429, 'throttled'];
  // The operator's to put right: the permission, or the region.
  if (/AccessDenied|Token|Signature|Credential/.test(name)) return [502, 'upstream_auth'];
  return [503, 'overloaded'];
}
