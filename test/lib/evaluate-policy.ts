/** As much of IAM's evaluation as the function's role needs: allow statements, wildcards, two kinds of conditions. */

export interface PolicyStatement {
  Sid: string;
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface PolicyRequest {
  action: string;
  resource: string;
  /** Condition keys; one that is absent fits no condition. */
  context?: Readonly<Record<string, string>>;
}

/** Whether a policy without denials allows a request (IAM user guide, "Policy evaluation logic"). */
export function allows(
  statements: readonly PolicyStatement[],
  { action, resource, context = {} }: PolicyRequest,
): boolean {
  return statements.some(
    (statement) =>
      statement.Effect === 'Allow' &&
      [statement.Action].flat().some((pattern) => like(pattern, action)) &&
      [statement.Resource].flat().some((pattern) => pattern === '*' || arnLike(pattern, resource)) &&
      holds(statement.Condition ?? {}, context),
  );
}

function holds(
  conditions: NonNullable<PolicyStatement['Condition']>,
  context: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const value = context[key];
      if (value === undefined) return false;
      const fits = { StringEquals: (a: string, b: string) => a === b, ArnLike: arnLike }[operator];
      if (!fits) throw new Error(`unknown operator ${operator}`);
      return [wanted].flat().some((each) => fits(each, value));
    }),
  );
}

/** A wildcard does not reach beyond its part of an ARN; the last part is the rest. */
function arnLike(pattern: string, arn: string): boolean {
  const [wanted, parts] = [partsOf(pattern), partsOf(arn)];
  return wanted.length === parts.length && wanted.every((each, i) => like(each, parts[i] ?? ''));
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function like(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`).test(text);
}
