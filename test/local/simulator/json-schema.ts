/**
 * Whether a value is valid by a JSON Schema (2020-12, with the older forms of `items`, `dependencies` and
 * `exclusiveMinimum`): what the simulator's made-up values are judged by. Written from
 * https://json-schema.org/draft/2020-12/json-schema-validation, with nothing of the simulator in it.
 */
export function problems(value: unknown, schema: unknown, root: unknown = schema, path = '$'): string[] {
  if (schema === true) return [];
  if (schema === false) return [`${path}: nothing is valid here`];
  const s = schema as Keywords;
  const found: string[] = [];
  const need = (holds: boolean, what: string) => void (holds || found.push(`${path}: ${what}`));
  const check = (part: unknown, each = value, at = path) => problems(each, part, root, at);
  const valid = (part: unknown, each = value) => check(part, each).length === 0;

  if (s.$ref !== undefined) found.push(...check(target(s.$ref, root)));
  if (s.type !== undefined)
    need(
      [s.type].flat().some((type) => isA(value, type)),
      `type ${s.type}`,
    );
  if ('const' in s) need(equal(value, s.const), `const ${JSON.stringify(s.const)}`);
  if (s.enum)
    need(
      (s.enum as unknown[]).some((each) => equal(value, each)),
      'enum',
    );
  for (const part of s.allOf ?? []) found.push(...check(part));
  if (s.anyOf)
    need(
      s.anyOf.some((part: unknown) => valid(part)),
      'anyOf',
    );
  if (s.oneOf) need(s.oneOf.filter((part: unknown) => valid(part)).length === 1, 'oneOf');
  if (s.not !== undefined) need(!valid(s.not), 'not');
  if (s.if !== undefined) found.push(...check((valid(s.if) ? s.then : s.else) ?? true));

  if (typeof value === 'number') {
    if (s.minimum !== undefined) need(value >= s.minimum, `minimum ${s.minimum}`);
    if (s.maximum !== undefined) need(value <= s.maximum, `maximum ${s.maximum}`);
    const [above, below] = [s.exclusiveMinimum, s.exclusiveMaximum];
    if (above !== undefined)
      need(above === true ? value > Number(s.minimum) : above === false || value > above, 'above');
    if (below !== undefined)
      need(below === true ? value < Number(s.maximum) : below === false || value < below, 'below');
    if (s.multipleOf) {
      const times = value / s.multipleOf;
      need(Math.abs(times - Math.round(times)) < 1e-6, `multipleOf ${s.multipleOf}`);
    }
  }
  if (typeof value === 'string') {
    const { length } = [...value];
    if (s.minLength !== undefined) need(length >= s.minLength, `minLength ${s.minLength}`);
    if (s.maxLength !== undefined) need(length <= s.maxLength, `maxLength ${s.maxLength}`);
    if (s.pattern !== undefined) need(new RegExp(s.pattern, 'u').test(value), `pattern ${s.pattern}`);
    if (s.format !== undefined && formats[s.format])
      need(formats[s.format]!.test(value), `format ${s.format}`);
  }
  if (Array.isArray(value)) {
    if (s.minItems !== undefined) need(value.length >= s.minItems, `minItems ${s.minItems}`);
    if (s.maxItems !== undefined) need(value.length <= s.maxItems, `maxItems ${s.maxItems}`);
    const first: unknown[] = s.prefixItems ?? (Array.isArray(s.items) ? s.items : []);
    const rest = Array.isArray(s.items) ? s.additionalItems : s.items;
    for (const [i, item] of value.entries()) {
      const part = i < first.length ? first[i] : rest;
      if (part !== undefined) found.push(...check(part, item, `${path}[${i}]`));
    }
    if (s.uniqueItems)
      need(
        value.every((a, i) => !value.slice(i + 1).some((b) => equal(a, b))),
        'uniqueItems',
      );
    if (s.contains !== undefined) {
      const count = value.filter((item) => valid(s.contains, item)).length;
      need(count >= (s.minContains ?? 1) && count <= (s.maxContains ?? Number.POSITIVE_INFINITY), 'contains');
    }
  }
  if (isA(value, 'object')) {
    const members = value as Record<string, unknown>;
    const names = Object.keys(members);
    if (s.minProperties !== undefined)
      need(names.length >= s.minProperties, `minProperties ${s.minProperties}`);
    if (s.maxProperties !== undefined)
      need(names.length <= s.maxProperties, `maxProperties ${s.maxProperties}`);
    for (const name of s.required ?? []) need(Object.hasOwn(members, name), `required ${name}`);
    for (const name of names) {
      const at = `${path}.${name}`;
      if (s.propertyNames !== undefined) found.push(...check(s.propertyNames, name, `${at} (name)`));
      const known = Object.hasOwn(s.properties ?? {}, name);
      if (known) found.push(...check(s.properties?.[name], members[name], at));
      const patterns = Object.keys(s.patternProperties ?? {}).filter((each) =>
        new RegExp(each, 'u').test(name),
      );
      for (const each of patterns) found.push(...check(s.patternProperties?.[each], members[name], at));
      if (!known && patterns.length === 0 && s.additionalProperties !== undefined) {
        found.push(...check(s.additionalProperties, members[name], at));
      }
      for (const other of s.dependentRequired?.[name] ?? [])
        need(Object.hasOwn(members, other), `needs ${other}`);
      if (s.dependentSchemas?.[name] !== undefined) found.push(...check(s.dependentSchemas[name]));
    }
  }
  return found;
}

interface Keywords {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  allOf?: unknown[];
  anyOf?: unknown[];
  oneOf?: unknown[];
  not?: unknown;
  if?: unknown;
  then?: unknown;
  else?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number | boolean;
  exclusiveMaximum?: number | boolean;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  minItems?: number;
  maxItems?: number;
  prefixItems?: unknown[];
  items?: unknown;
  additionalItems?: unknown;
  uniqueItems?: boolean;
  contains?: unknown;
  minContains?: number;
  maxContains?: number;
  minProperties?: number;
  maxProperties?: number;
  required?: string[];
  properties?: Record<string, unknown>;
  patternProperties?: Record<string, unknown>;
  additionalProperties?: unknown;
  propertyNames?: unknown;
  dependentRequired?: Record<string, string[]>;
  dependentSchemas?: Record<string, unknown>;
}

const formats: Record<string, RegExp> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  time: /^\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  duration: /^P(?!$)(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+S)?)?$/,
  email: /^[^@\s]+@[^@\s]+\.[^@\s]+$/,
  hostname: /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/,
  ipv4: /^(\d{1,3}\.){3}\d{1,3}$/,
  ipv6: /^[0-9a-f:]+$/,
  uri: /^[a-z]+:\/\/\S+$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
};

function isA(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function equal(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(Reflect.get(a, key), Reflect.get(b, key)))
  );
}

function target(ref: string, root: unknown): unknown {
  return ref
    .split('/')
    .slice(1)
    .reduce((at, word) => Reflect.get(at as object, word.replaceAll('~1', '/').replaceAll('~0', '~')), root);
}
