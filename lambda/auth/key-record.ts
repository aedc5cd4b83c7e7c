import * as v from 'valibot';
import * as limits from '../aws/limits.ts';
import { cleanMetadata } from '../canonical/request-metadata.ts';
import { techniqueNames } from '../settings/techniques.ts';
import { applicationProfile, projectIdentifier } from './billing.ts';
import { digestOf } from './digest.ts';
import { limitsRecord, recordName } from './limits-record.ts';

/**
 * One of several keys, as it stands in the secret: limits and a digest, never the key. Loaded where there are records:
 * a single key has none.
 */

const text = (message: string) => v.pipe(v.string(message), v.minLength(1, message));

/** What a script makes of a key that it has not got: whoever presents nothing would have it. */
const hashOfNothing = Buffer.from(digestOf('')).toString('hex');

const digest = v.pipe(
  v.string('must be text'),
  v.regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits: the SHA-256 of the key'),
  v.check(
    (value) => value.toLowerCase() !== hashOfNothing,
    'is the hash of an empty text: there was no key when it was made',
  ),
);

const time = v.pipe(
  v.string('must be text'),
  v.regex(
    /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/,
    'must be a date such as 2027-01-31, or a time with its zone such as 2027-01-31T12:00:00Z',
  ),
  v.check(
    (value) => !Number.isNaN(Date.parse(value)) && isDay(value.slice(0, 10)),
    'must be a date that exists',
  ),
);

/** `Date.parse` takes the 30th of February for the 2nd of March. */
const isDay = (day: string): boolean => new Date(Date.parse(day)).toISOString().startsWith(day);

const metadataText = (shortest: number, message: string) =>
  v.pipe(
    v.string('must be text'),
    v.minLength(shortest, message),
    v.maxLength(limits.metadata.characters, message),
    v.check((value) => value.search(limits.metadata.foreign) < 0, message),
  );

const roleArn = v.pipe(
  v.string('must be text'),
  v.regex(limits.roleArn, 'must be the ARN of an IAM role such as arn:aws:iam::123456789012:role/name'),
);

const profilesMessage =
  'must be an object from ids of models or inference profiles to ARNs of application inference profiles';

/** Strict: a member that is not known might be a limit, and a limit must not be passed over. */
const keyRecord = v.strictObject(
  {
    name: recordName,
    sha256: digest,
    previous: v.optional(
      v.strictObject(
        { sha256: digest, expires: time },
        'must have sha256 and expires, and no unknown member',
      ),
    ),
    team: v.optional(recordName),
    limits: v.optional(limitsRecord),
    admin: v.optional(v.boolean('must be true or false')),
    models: v.optional(v.array(text('must be text'), 'must be a list of patterns such as "amazon.nova-*"')),
    expires: v.optional(time),
    revoked: v.optional(v.boolean('must be true or false')),
    guardrail: v.optional(
      v.strictObject(
        {
          guardrailIdentifier: text('must be a guardrail’s id or ARN'),
          guardrailVersion: v.pipe(
            v.string('must be text'),
            v.regex(limits.guardrailVersion, 'must be a version number or DRAFT'),
          ),
          trace: v.optional(v.picklist(limits.guardrailTraces, 'must be a known trace level')),
          streamProcessingMode: v.optional(v.picklist(limits.guardrailStreamModes, 'must be sync or async')),
        },
        'must have guardrailIdentifier and guardrailVersion, and no unknown member',
      ),
    ),
    optimisation: v.optional(
      v.union(
        [
          v.literal(false),
          v.strictObject({
            techniques: v.optional(v.array(v.picklist(techniqueNames))),
            maxCalls: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
          }),
        ],
        `must be false, or an object with techniques (of ${techniqueNames.join(', ')}) and maxCalls (at least 1)`,
      ),
    ),
    awsRoleArn: v.optional(roleArn),
    projectIdentifier: v.optional(
      v.pipe(
        v.string('must be text'),
        v.regex(projectIdentifier, 'must be a Bedrock project’s id or ARN, or default'),
      ),
    ),
    profiles: v.optional(
      v.record(
        v.pipe(v.string(), v.minLength(1, profilesMessage), v.maxLength(2048, profilesMessage)),
        v.pipe(v.string(profilesMessage), v.regex(applicationProfile, profilesMessage)),
        profilesMessage,
      ),
    ),
    metadata: v.optional(
      v.pipe(
        v.record(
          metadataText(1, 'has a name that Bedrock refuses'),
          metadataText(0, 'has a character that Bedrock refuses'),
          'must be an object of texts',
        ),
        v.check(
          (value) => Object.keys(value).length <= limits.metadata.entries,
          `has more than ${limits.metadata.entries} entries`,
        ),
        v.transform((value) =>
          Object.fromEntries(Object.entries(value).map((entry) => entry.map(cleanMetadata))),
        ),
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

/** The member at fault and what it must be: `.sha256 must be …`. Holds nothing of the record. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  return `${memberOf(issue)} ${issue.message}`;
}

/** Only the record's own members are named: anything else in there might be a key in the wrong place. */
function memberOf(issue: v.BaseIssue<unknown>): string {
  const [first, second] = issue.path ?? [];
  const member = issue.type === 'strict_object' && second === undefined ? undefined : first?.key;
  if (typeof member !== 'string' || !(member in keyRecord.entries)) return '';
  const limit = second?.key;
  const isLimit = member === 'limits' && typeof limit === 'string' && limit in limitsRecord.entries;
  return isLimit ? `.limits.${limit}` : `.${member}`;
}
