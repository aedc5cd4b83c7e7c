import type { Context } from 'hono';
import type { StoredFile } from '../../batches/files.ts';
import { timeOf } from '../../batches/keys.ts';
import type { BatchingDeps } from '../batching/deps.ts';
import { ownerOf } from '../batching/ids.ts';
import { badRequest } from '../shared/bad-request.ts';
import type { GatewayEnv } from '../shared/env.ts';
import { readForm, type UploadForm } from './form.ts';

/** OpenAI's. What of them is more than kept here is `batch`; the others are kept for clients that upload first. */
export const purposes = ['batch', 'user_data', 'assistants', 'evals', 'fine-tune', 'vision'] as const;

/** Keeps a file for the caller. */
export async function uploadFile(
  c: Context<GatewayEnv>,
  { batches }: BatchingDeps,
  purposeOf: (form: UploadForm) => string,
): Promise<StoredFile> {
  const form = await readForm(c);
  const purpose = purposeOf(form);
  const stem = batches.newStem();
  const expiresAt = expiryIn(form, timeOf(stem));
  const { filename, content } = form;
  return batches.files.create(ownerOf(c.get('stateKey')()), stem, { filename, purpose, content, expiresAt });
}

/** Throws a 400 for what is no purpose of OpenAI's. */
export function openAiPurpose(form: UploadForm): string {
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
