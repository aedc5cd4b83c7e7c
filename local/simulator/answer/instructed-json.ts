import { type ConverseRequest, textOfBlock } from '../converse/request.ts';

/**
 * The schema of an instruction such as “Answer in JSON … this JSON schema: {…}”, which a model follows although
 * nothing binds it to; `{}` when JSON is asked for without a schema, undefined when it is not.
 */
export function instructedSchema({ system = [] }: ConverseRequest): string | undefined {
  const text = system.map(textOfBlock).join('\n');
  if (!/\banswer in json\b/i.test(text)) return undefined;
  const schema = /json schema:\s*(\{.*\})/is.exec(text)?.[1] ?? '{}';
  try {
    JSON.parse(schema);
    return schema;
  } catch {
    return '{}';
  }
}
