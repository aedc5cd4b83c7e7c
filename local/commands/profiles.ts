import { geographyOf, parseArn } from '../../lambda/models/names/model-id.ts';
import type { Target } from '../../lambda/models/target.ts';
import type { Io } from '../io.ts';
import { createParts, exit, type Parts, readArgs, reporting, UsageError } from './command.ts';

const usage = `Usage: gateway profiles create --name NAME --from PROFILE-OR-MODEL [--tag KEY=VALUE]... [--region REGION]

Creates an application inference profile: its own ARN for a model, to follow cost and usage by.
  --from  a model or system profile, by any name the gateway knows
  --tag   for cost allocation; may be given several times`;

/** `gateway profiles create`: an application inference profile from a model or a system profile. */
export function run(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const { values, positionals } = readArgs(args, {
      name: { type: 'string' },
      from: { type: 'string' },
      tag: { type: 'string', multiple: true },
      region: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    });
    if (values.help) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    if (positionals.length !== 1 || positionals[0] !== 'create')
      throw new UsageError('The one thing to do with profiles is `create`.');
    const { name, from } = values;
    if (!name || !from) throw new UsageError('--name and --from are needed.');
    const tags = (values.tag ?? []).map(readTag);
    const parts = createParts(io.env);
    // Which models need a profile is known once the catalogue is.
    await parts.catalogue.load();
    const target = await parts.resolver.resolve(from, { region: values.region });
    const arn = await create(parts, target, name, tags);
    io.stdout.write(`${arn}\n`);
    io.stderr.write(
      `Created ${name} from ${target.id} in ${target.region}. Use the ARN or the name as \`model\`.\n`,
    );
    return exit.ok;
  });
}

interface Tag {
  key: string;
  value: string;
}

function readTag(text: string): Tag {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--tag ${text}: a tag is KEY=VALUE.`);
  return { key: text.slice(0, at), value: text.slice(at + 1) };
}

async function create(parts: Parts, target: Target, name: string, tags: Tag[]): Promise<string> {
  const { CreateInferenceProfileCommand } = await import('@aws-sdk/client-bedrock');
  const client = await parts.controlPlane.client(target.region);
  const answer = await client.send(
    new CreateInferenceProfileCommand({
      inferenceProfileName: name,
      modelSource: { copyFrom: await sourceArn(parts, target) },
      ...(tags.length > 0 && { tags }),
    }),
  );
  if (!answer.inferenceProfileArn) throw new Error('Bedrock created a profile and did not name it.');
  return answer.inferenceProfileArn;
}

/** Bedrock copies from an ARN only; a profile's has the account in it, so Bedrock is asked for it. */
async function sourceArn(parts: Parts, target: Target): Promise<string> {
  if (parseArn(target.id)) return target.id;
  const client = await parts.controlPlane.client(target.region);
  if (geographyOf(target.id) === undefined) {
    const { GetFoundationModelCommand } = await import('@aws-sdk/client-bedrock');
    const answer = await client.send(new GetFoundationModelCommand({ modelIdentifier: target.id }));
    return answer.modelDetails?.modelArn ?? target.id;
  }
  const { GetInferenceProfileCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier: target.id }));
  return answer.inferenceProfileArn ?? target.id;
}
