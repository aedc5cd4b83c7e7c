import * as v from 'valibot';
import {
  guardrailStreamModes,
  guardrailTraces,
  guardrailVersion,
  roleArn,
  serviceTiers,
} from '../aws/limits.ts';
import { isRegion } from '../aws/regions.ts';
import { notEmpty } from './kinds.ts';
import { techniqueNames } from './techniques.ts';

/** The values that settings are made of, where they are more than a word or a number. */

export const modelName = v.pipe(notEmpty, v.maxLength(2048, 'must have at most 2048 characters'));

export const secretArn = v.pipe(
  notEmpty,
  v.regex(/^arn:[\w-]+:secretsmanager:/, 'must be the ARN of a secret'),
);

export const assumableRole = v.pipe(notEmpty, v.regex(roleArn, 'must be the ARN of an IAM role'));

export const regionName = v.pipe(notEmpty, v.check(isRegion, 'must be an AWS region such as us-east-1'));

/** An object from texts to values of one kind. */
export const record = <T extends v.GenericSchema>(schema: T) =>
  v.record(notEmpty, schema, 'must be an object');

const oneOf = <const T extends readonly string[]>(options: T) =>
  v.picklist(options, `must be one of ${options.join(', ')}`);

/** For members that are missing as well as for those that are too many. */
const onlyWith = (members: string) => (issue: v.StrictObjectIssue) =>
  issue.expected === 'never'
    ? `is unknown: the members are ${members}`
    : issue.received === 'undefined'
      ? 'is missing'
      : `must be an object with ${members}`;

export const guardrail = v.strictObject(
  {
    guardrailIdentifier: notEmpty,
    guardrailVersion: v.pipe(notEmpty, v.regex(guardrailVersion, 'must be a version number or DRAFT')),
    trace: v.optional(oneOf(guardrailTraces)),
    streamProcessingMode: v.optional(oneOf(guardrailStreamModes)),
  },
  onlyWith('guardrailIdentifier, guardrailVersion, trace and streamProcessingMode'),
);

const fraction = v.pipe(
  v.number('must be a number'),
  v.minValue(0, 'must be at least 0'),
  v.maxValue(1, 'must be at most 1'),
);
const positive = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
);

/** A model name, or a model with defaults for what a request leaves open. */
export const alias = v.union(
  [
    modelName,
    v.strictObject({
      model: modelName,
      inferenceConfig: v.optional(
        v.strictObject({
          maxTokens: v.optional(positive),
          temperature: v.optional(fraction),
          topP: v.optional(fraction),
          stopSequences: v.optional(v.array(notEmpty)),
        }),
      ),
      guardrailConfig: v.optional(guardrail),
      serviceTier: v.optional(v.strictObject({ type: oneOf(serviceTiers) })),
    }),
  ],
  'must be a model name, or an object with model and any of inferenceConfig (maxTokens, temperature, topP, stopSequences), guardrailConfig and serviceTier',
);
export type AliasSetting = v.InferOutput<typeof alias>;

/** `prices/overrides.ts` reads what stands in it. */
export const prices = record(v.unknown());

const models = v.array(modelName, 'must be a list of model names');
export const fallbacks = v.strictObject(
  {
    default: v.optional(models, []),
    models: v.optional(v.record(v.string(), models, 'must be an object'), {}),
    onContextOverflow: v.optional(v.boolean('must be true or false'), true),
    onContentFilter: v.optional(v.boolean('must be true or false'), false),
  },
  onlyWith('default, models, onContextOverflow and onContentFilter'),
);
export type FallbackSettings = v.InferOutput<typeof fallbacks>;

/** Most clients read `reasoning_content`, some `reasoning`, and a few join the two. */
export const reasoningFields = ['both', 'reasoning_content', 'reasoning'] as const;

export const techniqueName = oneOf(techniqueNames);

export const trustedHost = v.pipe(
  notEmpty,
  v.regex(/^[^\s/:@]+:\d{1,5}$/, 'must be a host and its port such as wiki.internal:8080'),
);
