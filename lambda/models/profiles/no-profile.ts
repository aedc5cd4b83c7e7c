import { GatewayError } from '../../errors.ts';
import { field, note } from '../../fields.ts';

function profileRequired(message: string) {
  return new GatewayError({
    status: 400,
    reason: 'bad_request',
    code: 'inference_profile_required',
    param: field('model'),
    message,
  });
}

/** The 400 where settings leave no profile to choose. */
export const mayNotChoose = (modelId: string, region: string, why: string) =>
  profileRequired(
    `The model \`${modelId}\` can only be called through an inference profile in ${region}, and the gateway ` +
      `has none to choose: ${why}. Name a profile yourself, or ask for another model.`,
  );

/** The 400 where every guess was wrong; `warnings` are those of the catalogue. */
export const noneServes = (modelId: string, region: string, warnings: readonly string[]) =>
  profileRequired(
    `The model \`${modelId}\` can only be called through an inference profile in ${region}, and the gateway ` +
      `could not find out which. ${warnings.find((warning) => warning.includes('profiles')) ?? 'Name one yourself'}.`,
  );

/** The last refusal in full, since it names policy and region, and all the profiles that were refused. */
export function allDenied(profiles: readonly string[], error: GatewayError): GatewayError {
  const { status, reason, code, text, at, upstream } = error;
  const tried = profiles.map((id) => `\`${id}\``).join(', ');
  return new GatewayError({
    status,
    reason,
    code: code ?? undefined,
    param: at,
    upstream,
    cause: error,
    message: note`${text} All profiles that RESIDENCY leaves to choose from were denied: ${tried}.`,
  });
}
