/** A directive in a prompt: `[[name]]`, `[[name:arg:arg]]`, `[[name:arg@where]]`. */
export interface Directive {
  name: string;
  args: string[];
  /** Applies only where `<region>/<model id>` contains this. */
  where?: string;
}

const pattern = /\[\[([a-z0-9-]+)(?::([^\]@]*))?(?:@([^\]]+))?\]\]/g;

export function directivesIn(text: string): Directive[] {
  return [...text.matchAll(pattern)].map(([, name = '', args, where]) => ({
    name,
    args: args === undefined ? [] : args.split(':'),
    where,
  }));
}

/** The prompt as the model is to understand it. */
export const withoutDirectives = (text: string): string =>
  text.replace(pattern, '').replace(/ {2,}/g, ' ').trim();
