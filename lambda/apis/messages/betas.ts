import type { MessagesRequest } from './schema.ts';

/** With it a model that has two sizes of context takes the larger one; clients also say it by the model's name. */
const longContext = { ending: '[1m]', flag: 'context-1m-2025-08-07' };

/** The name of a model, without the ending that some clients leave on it. */
export const plainName = (model: string): string =>
  model.endsWith(longContext.ending) ? model.slice(0, -longContext.ending.length) : model;

/** Every beta flag that a client asked for, by header, in the body or by the model's name, each once. */
export function readBetas(request: MessagesRequest, headers: Headers): string[] {
  const inHeader = (headers.get('anthropic-beta') ?? '').split(',').map((flag) => flag.trim());
  const flags = [...inHeader, ...(request.anthropic_beta ?? []), ...(request.betas ?? [])];
  if (request.model.endsWith(longContext.ending)) flags.push(longContext.flag);
  return [...new Set(flags.filter((flag) => flag !== ''))];
}

/** Flags that Claude is known to take in `additionalModelRequestFields.anthropic_beta`; others fail the whole request. */
const byConverse = /^(computer-use|context-1m|fine-grained-tool-streaming|interleaved-thinking)-/;

/** More do not fit into the header that names them. */
const mostNamed = 30;

/** Flags that ask for what has no form in Converse are left out with it. */
export function translateBetas(betas: readonly string[]): { kept: string[]; ignored: string[] } {
  const kept = betas.filter((flag) => byConverse.test(flag));
  const left = betas.filter((flag) => !byConverse.test(flag)).slice(0, mostNamed);
  const ignored = left.map((flag) => `anthropic_beta.${flag}`);
  return { kept, ignored };
}
