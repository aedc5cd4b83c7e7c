import * as v from 'valibot';
import { guardrailStreamModes, guardrailTraces } from '../../aws/limits.ts';
import { bounds } from '../../bounds.ts';
import { isObject } from '../../canonical/json.ts';
import type { Fields } from './json.ts';

/** What the schemas of several APIs are made of. null counts as not given, because many clients send it for that. */

export const number = (min: number, max: number) =>
  v.nullish(v.pipe(v.number(), v.minValue(min), v.maxValue(max)));
const integer = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
/** A number of tokens or of answers, which must be there. */
export const someCount = (min: number, max = 10_000_000) => integer(min, max);
export const count = (min: number, max?: number) => v.nullish(someCount(min, max));
export const flag = v.nullish(v.boolean());
/** As it stands: Valibot's objects and records leave out members named `__proto__`, `constructor` or `prototype`. */
const anyObject = v.custom<Fields>(isObject, 'expected an object');
export const object = v.nullish(anyObject);
export const list = v.custom<unknown[]>(Array.isArray, 'expected an array');
export const nonEmpty = v.pipe(v.string(), v.nonEmpty('it must not be empty'));
export const strings = v.nullish(
  v.pipe(
    anyObject,
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const [key, value] of Object.entries(dataset.value)) {
        if (typeof value === 'string') continue;
        const at = { type: 'object', origin: 'value', input: dataset.value, key, value } as const;
        addIssue({ message: 'expected a value of type string', input: value, path: [at] });
        return;
      }
    }),
    v.transform((value) => value as Record<string, string>),
  ),
);

export const modelName = v.pipe(nonEmpty, v.maxLength(2048, 'it must have at most 2048 characters'));
export const modelNames = v.pipe(
  v.array(modelName),
  v.maxLength(bounds.fallbacks, `it must have at most ${bounds.fallbacks} entries`),
);

const guardrail = v.nullish(
  v.looseObject({
    guardrailIdentifier: nonEmpty,
    guardrailVersion: nonEmpty,
    trace: v.nullish(v.picklist(guardrailTraces)),
    streamProcessingMode: v.nullish(v.picklist(guardrailStreamModes)),
  }),
);
const performance = v.nullish(v.looseObject({ latency: v.picklist(['standard', 'optimized']) }));
export const tier = v.picklist(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'reserved']);

/** What Bedrock has and no client's API has, under Converse's names and in snake_case (`bedrock-extensions.ts`). */
export const bedrockParameters = {
  serviceTier: v.nullish(v.looseObject({ type: tier })),
  requestMetadata: strings,
  prompt_variables: strings,
  promptVariables: strings,
  guardrailConfig: guardrail,
  guardrail_config: guardrail,
  performanceConfig: performance,
  performance_config: performance,
  additionalModelRequestFields: object,
  additional_model_request_fields: object,
  additionalModelResponseFieldPaths: v.nullish(
    v.pipe(
      v.array(v.pipe(v.string(), v.startsWith('/', 'it must be a JSON pointer, such as /stop_sequence'))),
      v.maxLength(10),
    ),
  ),
};
