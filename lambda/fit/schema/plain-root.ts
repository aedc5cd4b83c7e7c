import type { JsonObject } from '../../canonical/types.ts';
import { shapes } from './keywords.ts';
import { withoutReferences } from './without-references.ts';

export interface PlainRoot {
  schema: JsonObject;
  /** What else the root says of a value: the schema allows more. */
  rest: JsonObject;
}

/** What names, describes or defines. Whether there may be further properties no model minds. */
const silent = new Set(
  '$schema $id $anchor $dynamicAnchor $comment title description examples default deprecated readOnly writeOnly'.split(
    ' ',
  ),
);

/**
 * A schema of objects with nothing at its root but what Nova reads there: "Only three fields are supported in top-level
 * Object - type, properties, and required" (https://docs.aws.amazon.com/nova/latest/userguide/prompting-tool-troubleshooting.html).
 * With others the model may not see the tool at all, and definitions are refused: "extraneous key [definitions] is not
 * permitted" (zed-industries/zed#31815).
 */
export function plainRoot(root: JsonObject, lost: Set<string>): PlainRoot {
  const { type: _, properties = {}, required, ...others } = withoutReferences(root, lost);
  const demands = Array.isArray(required) && required.length > 0;
  const rest = Object.entries(others).filter(
    ([key, value]) =>
      shapes.has(key) && !silent.has(key) && !(key === 'additionalProperties' && typeof value === 'boolean'),
  );
  return {
    schema: { type: 'object', properties, ...(demands && { required }) },
    rest: Object.fromEntries(rest),
  };
}
