/** Media types of text that do not begin with `text/`. */
const types = new Set(
  'graphql javascript json json5 jsonl ld+json ndjson sql toml typescript x-httpd-php x-javascript x-json x-ndjson x-python x-sh x-toml x-typescript x-yaml xml yaml'
    .split(' ')
    .map((name) => `application/${name}`),
);

/** Names' endings of source code and other text. Browsers call TypeScript `video/mp2t`, and much of this nothing. */
const endings = new Set(
  'adoc bash bat c cc cfg cjs clj conf cpp cs css csv cts cxx dart diff env erl ex exs go gql gradle graphql h hpp hs htm html ini ipynb java jl js json json5 jsonl jsx kt kts less log lua m md mjs mts ndjson org patch php pl properties proto ps1 py r rb rs rst sass scala scss sh sql svelte swift tex tf toml ts tsv tsx txt vb vue xml yaml yml zig zsh'.split(
    ' ',
  ),
);

/** Whether a file is text, by its media type and the ending of its name, both in small letters. */
export function isTextType(mediaType: string, ending: string): boolean {
  return (
    mediaType.startsWith('text/') ||
    types.has(mediaType) ||
    /\+(json|xml|yaml)$/.test(mediaType) ||
    endings.has(ending)
  );
}
