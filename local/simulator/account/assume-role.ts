import { randomBytes } from 'node:crypto';
import { element, textElement } from './query.ts';
import type { SimulatedRole } from './roles.ts';
import { type AccountCall, ServiceError } from './service.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */

const sessionPattern = /^[\w+=,.@-]*$/;
const tagPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const mostTags = 50;
const parameters =
  /^(?:Action|Version|RoleArn|RoleSessionName|DurationSeconds|Tags\.member\.\d+\.(?:Key|Value))$/;
/** Every role's `MaxSessionDuration`, unless it was changed; also the most for a role that assumes a role. */
const longestSeconds = 3600;

/** The result's elements. Throws ServiceError. */
export function assumeRole(form: URLSearchParams, call: AccountCall): string {
  const tags = tagsOf(form);
  const seconds = form.get('DurationSeconds') ?? String(longestSeconds);
  const [arn, session] = [form.get('RoleArn'), form.get('RoleSessionName')];
  const stray = [...form.keys()].find((name) => !parameters.test(name));
  if (stray !== undefined)
    throw new ServiceError('InvalidParameterValue', `The simulator does not know the parameter ${stray}.`);
  checkConstraints([
    ...textProblems('roleArn', arn, 20, 2048),
    ...textProblems('roleSessionName', session, 2, 64, sessionPattern),
    ...durationProblems(seconds),
    ...(tags.length > mostTags ? [problem('tags', 'have length less than or equal to 50')] : []),
    ...tags.flatMap(([key, value], i) => [
      ...textProblems(`tags.${i + 1}.member.key`, key, 1, 128, tagPattern),
      ...textProblems(`tags.${i + 1}.member.value`, value, 0, 256, tagPattern),
    ]),
  ]);
  const names = tags.map(([key]) => String(key).toLowerCase());
  if (new Set(names).size < names.length)
    throw validation('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  if (Number(seconds) > longestSeconds) throw validation(tooLong(call));
  const role = roleOf(String(arn), tags.length > 0, call);
  return sessionFor(role, String(session), Object.fromEntries(tags) as Record<string, string>, call);
}

function tagsOf(form: URLSearchParams): [string | null, string | null][] {
  const count = [...form.keys()].filter((name) => /^Tags\.member\.\d+\.Key$/.test(name)).length;
  return Array.from({ length: count }, (_, i) => [
    form.get(`Tags.member.${i + 1}.Key`),
    form.get(`Tags.member.${i + 1}.Value`),
  ]);
}

const tooLong = ({ headers }: AccountCall) =>
  headers['x-amz-security-token']
    ? 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.'
    : 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';

/** A role that is not there is refused like one that trusts others. */
function roleOf(arn: string, isTagged: boolean, call: AccountCall): SimulatedRole {
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(arn)) throw validation(`${arn} is invalid`);
  const role = call.world.roles.find(({ name }) => arn === `arn:aws:iam::${call.world.account}:role/${name}`);
  if (!role || role.trusts === 'nobody') throw denied('sts:AssumeRole', arn, call);
  if (isTagged && role.trusts !== 'AssumeRole and TagSession') throw denied('sts:TagSession', arn, call);
  return role;
}

function denied(action: string, arn: string, { headers, world }: AccountCall): ServiceError {
  const caller = headers['x-amz-security-token']
    ? `arn:aws:sts::${world.account}:assumed-role/gateway/session`
    : `arn:aws:iam::${world.account}:user/simulator`;
  return new ServiceError(
    'AccessDenied',
    `User: ${caller} is not authorized to perform: ${action} on resource: ${arn}`,
    403,
  );
}

function sessionFor(
  role: SimulatedRole,
  name: string,
  tags: Record<string, string>,
  { world }: AccountCall,
): string {
  const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
  const token = randomBytes(120).toString('base64');
  const expiresAt = world.now() + longestSeconds * 1000;
  const arn = `arn:aws:sts::${world.account}:assumed-role/${role.name}/${name}`;
  world.sessions.set(accessKeyId, { role, arn, name, tags, token, expiresAt });
  const credentials =
    textElement('AccessKeyId', accessKeyId) +
    textElement('SecretAccessKey', randomBytes(30).toString('base64')) +
    textElement('SessionToken', token) +
    textElement('Expiration', new Date(expiresAt).toISOString().replace(/\.\d+/, ''));
  const user = textElement('AssumedRoleId', `AROASIMULATOR00000000:${name}`) + textElement('Arn', arn);
  return element('AssumedRoleUser', user) + element('Credentials', credentials);
}

const validation = (message: string) => new ServiceError('ValidationError', message);

function checkConstraints(problems: readonly string[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const detected = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  throw validation(`${detected} detected: ${problems.join('; ')}`);
}

const problem = (at: string, constraint: string, value = '') =>
  `Value '${value}' at '${at}' failed to satisfy constraint: Member must ${constraint}`;

function textProblems(
  at: string,
  value: string | null,
  min: number,
  max: number,
  pattern?: RegExp,
): string[] {
  if (value === null) return [`Value null at '${at}' failed to satisfy constraint: Member must not be null`];
  return [
    ...(value.length < min ? [problem(at, `have length greater than or equal to ${min}`, value)] : []),
    ...(value.length > max ? [problem(at, `have length less than or equal to ${max}`, value)] : []),
    ...(pattern && !pattern.test(value)
      ? [problem(at, `satisfy regular expression pattern: ${pattern.source.slice(1, -1)}`, value)]
      : []),
  ];
}

function durationProblems(seconds: string): string[] {
  if (!/^\d+$/.test(seconds)) return [problem('durationSeconds', 'be a number', seconds)];
  return [
    ...(Number(seconds) < 900
      ? [problem('durationSeconds', 'have value greater than or equal to 900', seconds)]
      : []),
    ...(Number(seconds) > 43_200
      ? [problem('durationSeconds', 'have value less than or equal to 43200', seconds)]
      : []),
  ];
}
