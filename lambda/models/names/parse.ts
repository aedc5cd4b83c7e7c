import { isRegion } from '../../aws/regions.ts';
import { badName, invalidName } from './invalid-name.ts';
import { type BedrockArn, geographyOf } from './model-id.ts';
import { withoutPrefix } from './prefix.ts';
import { badRegion, readArn } from './read-arn.ts';

/** What a model's name says by its own text, in its canonical form. */
export type ParsedName =
  /** A foundation model's id. */
  | { kind: 'foundation'; id: string }
  /** A system inference profile's id. */
  | { kind: 'profile'; id: string }
  | { kind: 'arn'; arn: string; parts: BedrockArn }
  /** `custom.{id}`, or the end of `{name}-id:custom.{id}`: an imported or custom model of the account. */
  | { kind: 'custom'; id: string }
  /** A name behind the prefix of another gateway. */
  | { kind: 'prefixed'; name: string }
  /** `custom:<region>:<model-id>`, or such a prefix with a region in it. */
  | { kind: 'regional'; region: string; name: string }
  /** Anything else is a name that something in the account may have. */
  | { kind: 'friendly'; name: string };

/** Bedrock's own limit for modelId. */
const maxLength = 2048;

/**
 * `<provider>.<model>`, perhaps with a version and a variant. No provider's name has a hyphen and every model's
 * begins with a letter (`gpt-4.1` and `qwen2.5` are no ids); within a model's name a dot stands before a number.
 */
const idPattern = /^[a-z][a-z0-9]*\.[a-z](?:[\w-]|\.(?=\d))*(?::\d{1,3})?(?::(?:\d+k|mm|\d+))?$/;
const customPattern = /^(?:.+-id:)?(custom\.(.*))$/s;
const controlCharacter = /\p{Cc}/u;
/** A context window in brackets, which clients write behind an id: `claude-…[1m]`. */
const contextPattern = /\[(\d+[km])\]$/i;

/**
 * Reads a name without asking anyone. Throws a 400 that says what is wrong for a name that has a known form
 * and breaks its rules. Bedrock's ids are in lower case; clients may write them in any.
 */
export function parseName(name: string): ParsedName {
  if (/^arn:/i.test(name)) return { kind: 'arn', ...readArn(name) };
  if (/^custom:/i.test(name)) return parseRegional(name);
  const [, custom, customId = ''] = customPattern.exec(name) ?? [];
  if (custom !== undefined) {
    if (/^[a-z0-9]+$/.test(customId)) return { kind: 'custom', id: custom };
    throw invalidName(
      name,
      `the part after \`custom.\` is the id of an imported or custom model, such as a1b2c3d4e5f6`,
    );
  }
  if (!isModelId(name)) return prefixed(name) ?? { kind: 'friendly', name };
  const id = name.toLowerCase();
  return { kind: geographyOf(id) === undefined ? 'foundation' : 'profile', id };
}

/** Whether a text has the form of a model's or of a system profile's id. */
export function isModelId(text: string): boolean {
  const id = text.toLowerCase();
  return idPattern.test(geographyOf(id) === undefined ? id : id.slice(id.indexOf('.') + 1));
}

/** A name as it was meant: without spaces around it, URL-encoding undone once. Throws a 400. */
export function decodeName(given: string): string {
  if (given.length > maxLength)
    throw badName(`\`model\` has ${given.length} characters; at most ${maxLength} are allowed.`);
  const name = (/%[0-9a-f]{2}/i.test(given) ? decodeOnce(given) : given).trim();
  if (name === '') throw badName('`model` must name a model.');
  if (controlCharacter.test(name)) throw badName('`model` contains a control character.');
  if (!name.isWellFormed()) throw badName('`model` contains half of a surrogate pair.');
  if (/%[0-9a-f]{2}/i.test(name))
    throw invalidName(given.trim(), 'it is URL-encoded twice; encode it once or not at all');
  return name;
}

/** `us.anthropic.claude-opus-4-6-v1[1m]`: the name, and the context window that is asked for beside it. */
export function splitContext(name: string): { name: string; context?: string } {
  const [suffix, context] = contextPattern.exec(name) ?? [];
  if (suffix === undefined || context === undefined) return { name };
  return { name: name.slice(0, -suffix.length), context: context.toLowerCase() };
}

function prefixed(given: string): ParsedName | undefined {
  const { name, region } = withoutPrefix(given) ?? {};
  if (name === undefined) return undefined;
  if (region !== undefined && /^custom:/i.test(name)) throw invalidName(given, 'it names two regions');
  return region === undefined ? { kind: 'prefixed', name } : { kind: 'regional', region, name };
}

function decodeOnce(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw invalidName(name, 'its URL-encoding is broken');
  }
}

function parseRegional(name: string): ParsedName {
  const [, region = '', id = ''] = /^custom:([^:]*):?(.*)$/is.exec(name) ?? [];
  if (!isRegion(region))
    throw invalidName(
      name,
      `${badRegion(region)}; the form is custom:<region>:<model-id>, as in custom:us-east-1:…`,
    );
  if (id === '') throw invalidName(name, 'the model id is missing; the form is custom:<region>:<model-id>');
  if (/^custom:/i.test(id)) throw invalidName(name, 'it names two regions');
  return { kind: 'regional', region, name: id };
}
