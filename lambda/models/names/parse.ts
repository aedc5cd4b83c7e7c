import { badRequest } from '../../errors.ts';
import { type BedrockArn, geographyOf, parseArn } from './model-id.ts';

/** What a model's name says by its own text. */
export type ParsedName =
  /** A foundation model's id. */
  | { kind: 'foundation'; id: string }
  /** A system inference profile's id. */
  | { kind: 'profile'; id: string }
  | { kind: 'arn'; arn: string; parts: BedrockArn }
  /** `custom.{id}`, or the end of `{name}-id:custom.{id}`: an imported or custom model of the account. */
  | { kind: 'custom'; id: string }
  /** `custom:<region>:<model-id>`. */
  | { kind: 'regional'; region: string; name: string }
  /** Anything else is a name that something in the account may have. */
  | { kind: 'friendly'; name: string };

/** Bedrock's own limit for modelId. */
const maxLength = 2048;

const regionPattern = /^[a-z]{2,}(-[a-z]+)+-\d$/;
/** No provider's name has a hyphen, and every model's begins with a letter: `gpt-4.1` and `qwen2.5` are no ids. */
const foundationPattern = /^[a-z][a-z0-9]*\.[a-z][\w.:-]*$/i;
const customPattern = /^(?:.+-id:)?(custom\.(.*))$/s;
const controlCharacter = /\p{Cc}/u;

/**
 * Reads a name without asking anyone. Throws a 400 that says what is wrong for a name that has a known form
 * and breaks its rules.
 */
export function parseName(name: string): ParsedName {
  if (/^arn:/i.test(name)) return parseArnName(name);
  if (/^custom:/i.test(name)) return parseRegional(name);
  const [, custom, id = ''] = customPattern.exec(name) ?? [];
  if (custom !== undefined) {
    if (/^[a-z0-9]+$/.test(id)) return { kind: 'custom', id: custom };
    throw invalid(
      name,
      `the part after \`custom.\` is the id of an imported or custom model, such as a1b2c3d4e5f6`,
    );
  }
  if (geographyOf(name) !== undefined) return { kind: 'profile', id: name };
  if (foundationPattern.test(name)) return { kind: 'foundation', id: name };
  return { kind: 'friendly', name };
}

/** A name as it was meant: without spaces around it, URL-encoding undone once. Throws a 400. */
export function decodeName(given: string): string {
  const name = given.trim();
  if (name === '') throw badRequest('`model` must name a model.', 'model');
  if (name.length > maxLength)
    throw badRequest(`\`model\` has ${name.length} characters; at most ${maxLength} are allowed.`, 'model');
  if (controlCharacter.test(name)) throw badRequest('`model` contains a control character.', 'model');
  if (!/%[0-9a-f]{2}/i.test(name)) return name;
  const decoded = decodeOnce(name);
  if (/%[0-9a-f]{2}/i.test(decoded))
    throw invalid(name, 'it is URL-encoded twice; encode it once or not at all');
  return decoded;
}

function decodeOnce(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw invalid(name, 'its URL-encoding is broken');
  }
}

export const isRegion = (text: string) => regionPattern.test(text);

function parseRegional(name: string): ParsedName {
  const [, region = '', id = ''] = /^custom:([^:]*):?(.*)$/is.exec(name) ?? [];
  if (!isRegion(region))
    throw invalid(
      name,
      `${badRegion(region)}; the form is custom:<region>:<model-id>, as in custom:us-east-1:…`,
    );
  if (id === '') throw invalid(name, 'the model id is missing; the form is custom:<region>:<model-id>');
  if (/^custom:/i.test(id)) throw invalid(name, 'it names two regions');
  return { kind: 'regional', region, name: id };
}

function parseArnName(arn: string): ParsedName {
  const parts = parseArn(arn);
  if (!parts)
    throw invalid(
      arn,
      'it is not the ARN of a Bedrock model: arn:<partition>:bedrock:<region>:<account>:<type>/<id>',
    );
  const needsRegion = parts.resource !== 'foundation-model';
  if (parts.region === '' ? needsRegion : !isRegion(parts.region))
    throw invalid(arn, badRegion(parts.region));
  return { kind: 'arn', arn, parts };
}

const badRegion = (region: string) =>
  region === '' ? 'the region is missing' : `\`${region}\` is not an AWS region`;

function invalid(name: string, why: string) {
  return badRequest(
    `The model name \`${name.slice(0, 200)}\` cannot be used: ${why}.`,
    'model',
    'invalid_model_name',
  );
}
