import type { InferenceProfileSummary } from '@aws-sdk/client-bedrock';
import { parseArn } from '../../lambda/models/names/model-id.ts';
import type { Io } from '../io.ts';
import {
  checkedRegion,
  createParts,
  exit,
  type Parts,
  readArgs,
  reporting,
  table,
  UsageError,
} from './command.ts';
import { createProfile } from './create-profile.ts';

const usage = `Usage: gateway profiles create --name NAME --from PROFILE-OR-MODEL [--tag KEY=VALUE]... [--region REGION]
       gateway profiles list [--json] [--region REGION]
       gateway profiles delete NAME-OR-ARN [--region REGION]

Manages application inference profiles: ARNs of their own for a model, to follow cost and usage by.
  --from    a model or system profile, by any name the gateway knows
  --tag     for cost allocation; may be given several times
  --region  where; the configured regions otherwise`;

const options = {
  name: { type: 'string' },
  from: { type: 'string' },
  tag: { type: 'string', multiple: true },
  region: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
type Values = ReturnType<typeof readArgs<typeof options>>['values'];

/** The options that each action takes. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  create: ['name', 'from', 'tag', 'region'],
  list: ['json', 'region'],
  delete: ['region'],
};

/** `gateway profiles create`, `list` and `delete`: application inference profiles. */
export function run(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const { values, positionals } = readArgs(args, options);
    if (values.help) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    const [action = '', ...names] = positionals;
    const own = Object.hasOwn(allowed, action) ? allowed[action] : undefined;
    if (!own) throw new UsageError('With profiles one can `create`, `list` and `delete`.');
    const stray = Object.keys(values).find((name) => !own.includes(name));
    if (stray) throw new UsageError(`profiles ${action} takes no --${stray}.`);
    if (names.length !== (action === 'delete' ? 1 : 0)) throw new UsageError(wrongNumber(action, names));
    checkedRegion(values.region);
    if (action === 'create') return createProfile(values, io);
    return action === 'list' ? listProfiles(values, io) : deleteProfile(names[0]!, values, io);
  });
}

const wrongNumber = (action: string, names: readonly string[]): string =>
  action === 'delete'
    ? 'profiles delete takes the name or the ARN of one profile.'
    : `profiles ${action} takes no ${names[0]}.`;

type Profile = InferenceProfileSummary & { region: string };

/** All of the region, or of the configured ones, by name. */
async function profilesIn({ controlPlane, config }: Parts, region: string | undefined): Promise<Profile[]> {
  const { list } = await controlPlane();
  const found = await Promise.all(
    (region ? [region] : config.regions).map(async (each) =>
      (await list('applicationProfiles', each)).map((profile) => ({ ...profile, region: each })),
    ),
  );
  return found.flat().sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en'));
}

const nameOf = ({ inferenceProfileName = '' }: Profile): string => inferenceProfileName;

async function listProfiles({ json, region }: Values, io: Io): Promise<number> {
  const profiles = await profilesIn(createParts(io.env), region);
  const rows = profiles.map((profile) => [
    nameOf(profile),
    profile.models?.[0]?.modelArn?.replace(/^[^/]*\//, '') ?? '-',
    profile.region,
    profile.createdAt?.toISOString().slice(0, 10) ?? '-',
    profile.inferenceProfileArn ?? '-',
  ]);
  io.stdout.write(
    json
      ? `${JSON.stringify(profiles, null, 2)}\n`
      : table([['NAME', 'MODEL', 'REGION', 'CREATED', 'ARN'], ...rows]),
  );
  return exit.ok;
}

/** Only application profiles are found, so that one of AWS's own is never asked away. */
async function deleteProfile(wanted: string, { region }: Values, io: Io): Promise<number> {
  const parts = createParts(io.env);
  const profiles = await profilesIn(parts, parseArn(wanted)?.region || region);
  const found = profiles.filter((profile) =>
    [profile.inferenceProfileName, profile.inferenceProfileId, profile.inferenceProfileArn].includes(wanted),
  );
  const [profile] = found;
  if (!profile)
    throw new Error(
      `There is no application inference profile ${wanted}. \`gateway profiles list\` shows those there are.`,
    );
  if (found.length > 1) {
    const arns = found.map(({ inferenceProfileArn }) => `  ${inferenceProfileArn}`).join('\n');
    throw new Error(`Several profiles are named ${wanted}. Give the ARN of one:\n${arns}`);
  }
  const { DeleteInferenceProfileCommand } = await import('@aws-sdk/client-bedrock');
  const client = await (await parts.controlPlane()).client(profile.region);
  await client.send(
    new DeleteInferenceProfileCommand({ inferenceProfileIdentifier: profile.inferenceProfileArn }),
  );
  io.stdout.write(`Deleted ${nameOf(profile)} in ${profile.region}: ${profile.inferenceProfileArn}\n`);
  return exit.ok;
}
