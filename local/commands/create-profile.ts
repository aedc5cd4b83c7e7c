import { geographyOf, parseArn } from '../../lambda/models/names/model-id.ts';
import type { Target } from '../../lambda/models/target.ts';
import type { Io } from '../io.ts';
import { createParts, exit, type Parts, UsageError } from './command.ts';

export interface CreateOptions {
  name?: string;
  /** A model or a profile, by any name the gateway knows. */
  from?: string;
  /** KEY=VALUE each. */
  tag?: string[];
  region?: string;
}

/** An application inference profile from a model or a system profile. Throws UsageError. */
export async function createProfile(
  { name, from, tag = [], region }: CreateOptions,
  io: Io,
): Promise<number> {
  if (!name || !from) throw new UsageError('--name and --from are needed.');
  const tags = tag.map(readTag);
  const parts = createParts(io.env);
  // Which models need a profile is known once the catalogue is.
  await parts.catalogue.load();
  const target = await parts.resolver.resolve(from, { region });
  const arn = await create(parts, target, name, tags);
  io.stdout.write(`${arn}\n`);
  io.stderr.write(
    `Created ${name} from ${target.id} in ${target.region}. Use the ARN or the name as \`model\`.\n`,
  );
  return exit.ok;
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
  const client = await (await parts.controlPlane()).client(target.region);
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
  const client = await (await parts.controlPlane()).client(target.region);
  if (geographyOf(target.id) === undefined) {
    const { GetFoundationModelCommand } = await import('@aws-sdk/client-bedrock');
    const answer = await client.send(new GetFoundationModelCommand({ modelIdentifier: target.id }));
    return answer.modelDetails?.modelArn ?? target.id;
  }
  const { GetInferenceProfileCommand } = await import('@aws-sdk/client-bedrock');
  const answer = await client.send(new GetInferenceProfileCommand({ inferenceProfileIdentifier: target.id }));
  return answer.inferenceProfileArn ?? target.id;
}
