/** Stands for nothing but in the bundle, for which `lib/bundle.ts` defines it. */
declare const IN_BUNDLE: true | undefined;

/**
 * `docs && 'text'` is text for people that stands beside what it explains. The documentation is made of it, and the
 * function never shows it: in the bundle this is the constant `false`, and esbuild leaves out what stands behind it.
 */
export const docs = typeof IN_BUNDLE === 'undefined';

/** Such a text; false: left out. */
export type Docs = string | false;
