import type { Context } from 'hono';
import type { StoredFile } from '../../batches/files.ts';
import { timeOf } from '../../batches/keys.ts';
import { docs } from '../../docs.ts';
import type { BatchingDeps } from '../batching/deps.ts';
import { ownerOf } from '../batching/ids.ts';
import { badRequest } from '../shared/bad-request.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { ignoredParameters, type Parameters, used } from '../shared/parameters.ts';
import { readForm, type UploadForm } from './form.ts';

/** OpenAI's. What of them is more than kept here is `batch`; the others are kept for clients that upload first. */
export const purposes = ['batch', 'user_data', 'assistants', 'evals', 'fine-tune', 'vision'] as const;

/** What the form of each vendor has, and what becomes of it. */
const anthropics: Parameters = { file: used(docs && 'With a name.') };
const openAis: Parameters = {
  ...anthropics,
  purpose: used(docs && '`batch`, or another of OpenAI’s.'),
  'expires_after[anchor]': used(docs && '`created_at`.'),
  'expires_after[seconds]': used(docs && 'An hour to thirty days.'),
};

/** Keeps a file for the caller. `ignored`: parts of the form without effect. */
export async function uploadFile(
  c: Context<GatewayEnv>,
  { batches, strict }: BatchingDeps,
  vendor: 'openai' | 'anthropic',
): Promise<{ file: StoredFile; ignored: string[] }> {
  const form = await readForm(c);
  const isOpenAis = vendor === 'openai';
  const parts = Object.fromEntries(form.names.map((name) => [name, true]));
  const ignored = ignoredParameters(parts, isOpenAis ? openAis : anthropics, strict);
  const purpose = isOpenAis ? openAiPurpose(form) : 'user_data';
  const stem = batches.newStem();
  const expiresAt = isOpenAis ? expiryIn(form, timeOf(stem)) : undefined;
  const { filename, content } = form;
  const owner = ownerOf(c.get('stateKey')());
  return {
    file: await batches.files.create(owner, stem, { filename, purpose, content, expiresAt }),
    ignored,
  };
}

/** Throws a 400 for what is no purpose of OpenAI's. */
function openAiPurpose(form: UploadForm): string {
  const given = form.field('purpose');
  if (given === undefined)
    throw badRequest("Missing required parameter: 'purpose'.", 'purpose', 'missing_required_parameter');
  const purpose = purposes.find((each) => each === given);
  if (!purpose)
    throw badRequest(`Invalid value for 'purpose': it must be one of ${purposes.join(', ')}.`, 'purpose');
  return purpose;
}

/** `expires_after[anchor]` and `expires_after[seconds]`, an hour to thirty days. */
function expiryIn(form: UploadForm, createdAt: number): number | undefined {
  const anchor = form.field('expires_after[anchor]');
  const seconds = form.field('expires_after[seconds]');
  if (anchor === undefined && seconds === undefined) return undefined;
  if (anchor !== 'created_at')
    throw badRequest(
      "Invalid value for 'expires_after[anchor]': it must be created_at.",
      'expires_after[anchor]',
    );
  const number = Number(seconds);
  if (/^\d{1,8}$/.test(seconds ?? '') && number >= 3600 && number <= 2_592_000)
    return createdAt + number * 1000;
  throw badRequest(
    "Invalid value for 'expires_after[seconds]': it must be a whole number from 3600 to 2592000.",
    'expires_after[seconds]',
  );
}
