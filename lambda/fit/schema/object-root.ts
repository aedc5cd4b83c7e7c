import { isObject } from '../../canonical/json.ts';
import type { Json, JsonObject } from '../../canonical/types.ts';
import { fingerprint } from '../tools/renaming.ts';
import { setOwn } from './keywords.ts';
import { resolve } from './references.ts';

export interface ObjectRoot {
  schema: JsonObject;
  /** The schema says all that the original says; otherwise it allows more. */
  exact: boolean;
}

/** What stands at a root in place of properties, or beside them. */
const composing = ['$ref', 'allOf', 'anyOf', 'oneOf'];

/** References that lead to one another: each is a step on the stack, and no schema of a person's has so many. */
const longestChain = 100;

/** Merged properties: bounds what many branches cost that refer to the same large definition. */
const maxWork = 20_000;

/**
 * A schema of objects without composition at its root, which Claude refuses there ("input_schema does not support
 * oneOf, allOf, or anyOf at the top level"): the properties of all branches, required what each branch requires.
 * What a reference at the root leads to takes its place. Undefined for a schema that also, or only, describes other
 * values than objects.
 */
export function objectRoot(schema: JsonObject): ObjectRoot | undefined {
  if (!composing.some((keyword) => schema[keyword] !== undefined)) {
    return allowsObject(schema) ? { schema: typed(schema), exact: true } : undefined;
  }
  const parts = new Uniting(schema).parts(schema);
  if (!parts) return undefined;
  const properties: JsonObject = {};
  for (const [name, { values }] of parts.properties) setOwn(properties, name, anyOfThem(values));
  const required = [...parts.required];
  const united = { ...parts.others, type: 'object', properties, ...(required.length > 0 && { required }) };
  return { schema: united, exact: parts.exact };
}

/** Claude: "input_schema.type: Field required". */
const typed = (schema: JsonObject): JsonObject =>
  schema.type === 'object' && isObject(schema.properties)
    ? schema
    : { ...schema, type: 'object', properties: schema.properties ?? {} };

/** Keywords about other values: where no type is named they imply it. */
const ofOthers =
  'enum const items prefixItems contains minItems maxItems uniqueItems pattern format minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'.split(
    ' ',
  );

function allowsObject(schema: JsonObject): boolean {
  const { type } = schema;
  if (schema.enum !== undefined || schema.const !== undefined) return false;
  if (type !== undefined) return type === 'object' || (Array.isArray(type) && type.includes('object'));
  return schema.properties !== undefined || !ofOthers.some((keyword) => schema[keyword] !== undefined);
}

/** A schema of objects, taken apart. */
interface Parts {
  properties: Map<string, Property>;
  required: Set<string>;
  /** The other keywords. */
  others: JsonObject;
  exact: boolean;
}

interface Property {
  /** Several where branches differ. */
  values: Json[];
  /** Each branch has it, so that one of `values` always holds. */
  always: boolean;
}

const anything = (): Parts => ({ properties: new Map(), required: new Set(), others: {}, exact: true });

class Uniting {
  readonly #root: JsonObject;
  /** By reference; undefined while it is being followed. */
  readonly #followed = new Map<string, Parts | undefined>();
  #work = 0;
  #chain = 0;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  parts(schema: Json): Parts | undefined {
    if (schema === true) return anything();
    if (!isObject(schema) || !allowsObject(schema)) return undefined;
    const { type: _, properties, required, $ref, allOf, anyOf, oneOf, ...others } = schema;
    const own: Parts = { ...anything(), others };
    for (const [name, value] of Object.entries(isObject(properties) ? properties : {})) {
      own.properties.set(name, { values: [value], always: true });
    }
    for (const name of Array.isArray(required) ? required : []) own.required.add(String(name));
    const more = Array.isArray(allOf) ? allOf.map((each) => this.parts(each)) : [];
    if (typeof $ref === 'string') more.push(this.#follow($ref));
    for (const either of [anyOf, oneOf]) if (Array.isArray(either)) more.push(this.#either(either));
    for (const each of more) {
      if (!each || this.#work > maxWork) return undefined;
      this.#add(own, each);
    }
    return own;
  }

  #follow(reference: string): Parts | undefined {
    const known = this.#followed.get(reference);
    if (known) return known;
    // A schema that is itself and more says nothing more.
    if (this.#followed.has(reference)) return anything();
    this.#followed.set(reference, undefined);
    this.#chain += 1;
    const parts = this.#chain > longestChain ? undefined : this.parts(resolve(this.#root, reference) ?? null);
    this.#chain -= 1;
    if (parts) this.#followed.set(reference, parts);
    return parts;
  }

  /** Both hold. */
  #add(to: Parts, more: Parts): void {
    this.#work += more.properties.size + more.required.size + 1;
    for (const [name, property] of more.properties) {
      const given = to.properties.get(name);
      if (!given) to.properties.set(name, property);
      else if (property.always) to.properties.set(name, bothOf(given, property));
    }
    for (const name of more.required) to.required.add(name);
    for (const [key, value] of Object.entries(more.others)) {
      if (ofDocuments.has(key)) continue;
      if (!Object.hasOwn(to.others, key)) setOwn(to.others, key, value);
      else if (key !== 'title' && key !== 'description' && to.others[key] !== value) to.exact = false;
    }
    to.exact &&= more.exact;
  }

  /** One of them holds. A branch for null is none: the input of a call is an object. */
  #either(branches: Json[]): Parts | undefined {
    const [first, ...rest] = branches.filter((branch) => !isObject(branch) || branch.type !== 'null');
    const start = first === undefined ? undefined : this.parts(first);
    if (!start || rest.length === 0) return start;
    const united: Parts = { ...anything(), required: new Set(start.required), exact: false };
    let closed = true;
    const all = [start, ...rest.map((branch) => this.parts(branch))];
    for (const parts of all) {
      if (!parts || this.#work > maxWork) return undefined;
      this.#work += parts.properties.size + united.required.size + 1;
      for (const name of united.required) if (!parts.required.has(name)) united.required.delete(name);
      for (const [name, { values }] of parts.properties) this.#collect(united, name, values);
      closed &&= parts.others.additionalProperties === false;
    }
    for (const [name, property] of united.properties) {
      property.always = all.every((parts) => parts?.properties.get(name)?.always);
    }
    if (closed) united.others.additionalProperties = false;
    return united;
  }

  #collect(to: Parts, name: string, values: Json[]): void {
    const property = to.properties.get(name) ?? { values: [], always: false };
    for (const value of values) property.values.push(value);
    this.#work += values.length;
    to.properties.set(name, property);
  }
}

/** Of the root's document: they say nothing where a part of it is put into its place. */
const ofDocuments = new Set(['$schema', '$id', '$anchor', '$defs', 'definitions']);

function bothOf(given: Property, more: Property): Property {
  const [base, other] = [anyOfThem(given.values), anyOfThem(more.values)];
  if (JSON.stringify(base) === JSON.stringify(other) || other === true) return given;
  if (base === true) return more;
  const open = isObject(base) && base.allOf === undefined;
  return { values: [open ? { ...base, allOf: [other] } : { allOf: [base, other] }], always: true };
}

/** The same branch may have come several times, and two branches may say the same. */
function anyOfThem(values: Json[]): Json {
  const distinct = new Map(
    [...new Set(values)].map((value) => [fingerprint(JSON.stringify(value), 22), value]),
  );
  const [only, ...more] = distinct.values();
  return more.length === 0 ? only! : { anyOf: [only!, ...more] };
}
