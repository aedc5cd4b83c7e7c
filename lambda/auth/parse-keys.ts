import * as v from 'valibot';
import { type DigestedKey, digestOf } from './digest.ts';
import type { Principal } from './principal.ts';

/**
 * The content of the key secret, or of a key file: one key as plain text, `{"api_key": "…"}`,
 * `{"keys": [{"name": "…", "sha256": "…"}]}`, or both members. No message of this module holds any of it.
 */

/** The name of the key that stands alone, as text or as `api_key`. */
export const singleKeyName = 'default';

const text = (message: string) => v.pipe(v.string(message), v.minLength(1, message));

/** Strict: a member that is not known might be a limit, and a limit must not be passed over. */
const keyRecord = v.strictObject(
  {
    name: v.pipe(
      v.string('must be text'),
      v.regex(
        /^[A-Za-z0-9][\w .@:/-]{0,63}$/,
        'must be 1 to 64 letters, digits, spaces or any of _ . @ : / -',
      ),
    ),
    sha256: v.pipe(
      v.string('must be text'),
      v.regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits: the SHA-256 of the key'),
    ),
    models: v.optional(v.array(text('must be text'), 'must be a list of patterns such as "amazon.nova-*"')),
    expires: v.optional(
      v.pipe(
        v.string('must be text'),
        v.regex(
          /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/,
          'must be a date such as 2027-01-31, or a time with its zone such as 2027-01-31T12:00:00Z',
        ),
        v.check((value) => !Number.isNaN(Date.parse(value)), 'must be a date that exists'),
      ),
    ),
    revoked: v.optional(v.boolean('must be true or false')),
    guardrail: v.optional(
      v.strictObject(
        {
          guardrailIdentifier: text('must be a guardrail’s id or ARN'),
          guardrailVersion: v.pipe(
            v.string('must be text'),
            v.regex(/^([1-9]\d{0,7}|DRAFT)$/, 'must be a version number or DRAFT'),
          ),
          trace: v.optional(
            v.picklist(['enabled', 'disabled', 'enabled_full'], 'must be a known trace level'),
          ),
          streamProcessingMode: v.optional(v.picklist(['sync', 'async'], 'must be sync or async')),
        },
        'must have guardrailIdentifier and guardrailVersion, and no unknown member',
      ),
    ),
    // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html: requestMetadata
    metadata: v.optional(
      v.pipe(
        v.record(
          v.pipe(v.string(), v.regex(/^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$/, 'has a name that Bedrock refuses')),
          v.pipe(
            v.string('must be text'),
            v.regex(/^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/, 'has a character that Bedrock refuses'),
          ),
          'must be an object of texts',
        ),
        v.check((value) => Object.keys(value).length <= 16, 'has more than 16 entries'),
      ),
    ),
  },
  'must have name and sha256, and no unknown member',
);
export type KeyRecord = v.InferOutput<typeof keyRecord>;

/** One problem for each member that is wrong. */
export function readRecord(record: unknown) {
  return v.safeParse(keyRecord, record, { abortPipeEarly: true });
}

export interface ParsedKeys {
  keys: DigestedKey[];
  /** Records that cannot be used, and so let nobody in; for the log. */
  problems: string[];
}

/** The content is in none of the known forms. */
export class KeyFormatError extends Error {
  override name = 'KeyFormatError';

  constructor(what: string) {
    super(`The keys are in no known form: ${what}.`);
  }
}

/** Throws KeyFormatError. A record that is wrong costs that record only. */
export function parseKeys(content: string): ParsedKeys {
  const form = readForm(content);
  const keys: DigestedKey[] = [];
  const problems: string[] = [];
  if (form.single !== undefined) keys.push(singleKey(form.single));
  form.records.forEach((record, index) => {
    const result = readRecord(record);
    if (result.success) keys.push(toKey(result.output));
    else problems.push(...result.issues.map((issue) => `keys[${index}]${memberOf(issue)} ${issue.message}`));
  });
  return { keys, problems };
}

/** One key as it stands alone, with every right. */
export function singleKey(key: string): DigestedKey {
  return { digest: digestOf(key), principal: { name: singleKeyName } };
}

export interface KeyForm {
  single?: string;
  records: unknown[];
}

/** Takes the content apart without looking into the records. Throws KeyFormatError. */
export function readForm(content: string): KeyForm {
  const trimmed = content.trim();
  if (trimmed === '') throw new KeyFormatError('it is empty');
  const value = parseObject(trimmed);
  if (value === undefined) return { single: trimmed, records: [] };
  const { api_key: single, keys = [] } = value;
  if (single === undefined && value.keys === undefined) {
    throw new KeyFormatError('its JSON has neither api_key nor keys');
  }
  if (single !== undefined && (typeof single !== 'string' || single.trim() === '')) {
    throw new KeyFormatError('its api_key is not a text');
  }
  if (!Array.isArray(keys)) throw new KeyFormatError('its keys are not a list');
  return { single: single?.trim(), records: keys };
}

/** undefined: plain text. A generated key may well begin with a brace, JSON with a slip in it is no key. */
function parseObject(content: string): Record<string, unknown> | undefined {
  if (!content.startsWith('{')) return undefined;
  try {
    return JSON.parse(content);
  } catch {
    if (/"(api_key|keys)"/.test(content)) throw new KeyFormatError('it looks like JSON and cannot be parsed');
    return undefined;
  }
}

function toKey(record: KeyRecord): DigestedKey {
  const { name, models, guardrail, metadata } = record;
  const principal: Principal = { name, models, guardrail, metadata };
  return {
    digest: Buffer.from(record.sha256, 'hex'),
    principal,
    expiresAt: record.expires === undefined ? undefined : Date.parse(record.expires),
    revoked: record.revoked,
  };
}

/** Only the record's own members are named: anything else in there might be a key in the wrong place. */
function memberOf(issue: v.BaseIssue<unknown>): string {
  const member =
    issue.type === 'strict_object' && issue.path?.length === 1 ? undefined : issue.path?.[0]?.key;
  return typeof member === 'string' && member in keyRecord.entries ? `.${member}` : '';
}
