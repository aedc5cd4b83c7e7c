import type { Docs } from '../docs.ts';
import type { Kind } from './kinds.ts';

interface About {
  /** What it is for, in a sentence or two, as Markdown. */
  about: Docs;
  /** In the form of `cdk.json`; absent: nothing is set. */
  default?: unknown;
  /** The name in `cdk.json`, where it is not the key of the row. */
  stackName?: string;
  /** Another variable that says the same, for who comes from elsewhere. */
  alsoVariable?: string;
  /** Why it is no setting of the stack. */
  notInStack?: Docs;
  /** Its value must not be shown. */
  secret?: true;
}

/** One setting. `T`: what the function gets. */
export interface SettingRow<T> extends About {
  /** The environment variable. */
  variable: string;
  kind: Kind<T>;
}

export function setting<T, const A extends About>(
  variable: string,
  kind: Kind<T>,
  about: A,
): SettingRow<A extends { default: unknown } ? T : T | undefined> & A {
  return { variable, kind: kind as Kind<never>, ...about };
}
