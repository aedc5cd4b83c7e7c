/** Paths that only Anthropic's clients call, below whatever base URL. */
const ownPaths = /^\/anthropic\/|\/(?:messages|complete)(?:\/|$)/;
/** Both vendors have these. */
const sharedPaths = /\/(?:models|files|skills)(?:\/|$)/;

/** Whether a request is one of Anthropic's clients, from its path and headers alone: they always send `anthropic-version`. */
export const isAnthropics = (path: string, headers: { has(name: string): boolean }): boolean =>
  ownPaths.test(path) || (sharedPaths.test(path) && headers.has('anthropic-version'));
