import { createHash } from 'node:crypto';
import { BedrockError, invalid } from '../errors.ts';
import { accountArn, applicationProfile, modelsOf } from '../models/account.ts';
import { allProfiles, findProfile } from '../models/find.ts';
import type { ControlCall, ControlOperation } from './operation.ts';
import { page } from './page.ts';

export const inferenceProfileOperations: ControlOperation[] = [
  {
    name: 'ListInferenceProfiles',
    method: 'GET',
    path: ['inference-profiles'],
    run({ query, region, world }) {
      const type = query.get('type');
      const profiles = allProfiles(region, world).filter((profile) => type === null || profile.type === type);
      const { items, nextToken } = page(profiles, query, world);
      return { inferenceProfileSummaries: items, nextToken };
    },
  },
  {
    name: 'GetInferenceProfile',
    method: 'GET',
    path: ['inference-profiles', '*'],
    run({ parameter, region, world }) {
      const profile = findProfile(parameter, region, world);
      if (!profile) throw notFound(parameter);
      return profile;
    },
  },
  {
    name: 'DeleteInferenceProfile',
    method: 'DELETE',
    path: ['inference-profiles', '*'],
    run({ parameter, region, world }) {
      const profile = findProfile(parameter, region, world);
      if (!profile) throw notFound(parameter);
      // The service's own words are not known.
      if (profile.type !== 'APPLICATION')
        throw invalid('The provided inference profile is system-defined and cannot be deleted.');
      world.createdProfiles.delete(profile.inferenceProfileArn);
      world.deletedProfiles.set(profile.inferenceProfileArn, true);
      return {};
    },
  },
  { name: 'CreateInferenceProfile', method: 'POST', path: ['inference-profiles'], status: 201, run: create },
];

const notFound = (what: string) =>
  new BedrockError('ResourceNotFoundException', `The requested resource ${what} was not found.`);

interface CreateRequest {
  inferenceProfileName?: string;
  description?: string;
  modelSource?: { copyFrom?: string };
}

function create({ body, region, world }: ControlCall) {
  const { inferenceProfileName: name = '', description = '', modelSource } = (body ?? {}) as CreateRequest;
  if (!/^([0-9a-zA-Z][ _-]?)+$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'inferenceProfileName' failed to satisfy constraint: Member must satisfy regular expression pattern: ([0-9a-zA-Z][ _-]?)+`,
    );
  }
  const models = modelsOf(modelSource?.copyFrom ?? '', region, world.account);
  if (models.length === 0)
    throw invalid(
      'The provided model source is invalid. Provide the ARN of a foundation model or of a system-defined inference profile.',
    );
  const taken = allProfiles(region, world).some(
    (each) => each.type === 'APPLICATION' && each.inferenceProfileName === name,
  );
  if (taken)
    throw new BedrockError('ConflictException', `An inference profile with the name ${name} already exists.`);
  const id = createHash('sha256').update(`${region} ${name}`).digest('hex').slice(0, 12);
  const arn = accountArn(region, world.account, `application-inference-profile/${id}`);
  const created = new Date(world.now()).toISOString();
  const profile = applicationProfile(id, name, models, created, region, world.account);
  world.deletedProfiles.delete(arn);
  world.createdProfiles.set(arn, { ...profile, description });
  return { inferenceProfileArn: arn, status: 'ACTIVE' };
}
