/** Places in documents that an answer cites: Converse's names, Anthropic's, and the unit in the names of start and end. */
export const citationPlaces = [
  ['documentChar', 'char_location', 'char_index'],
  ['documentPage', 'page_location', 'page_number'],
  ['documentChunk', 'content_block_location', 'block_index'],
] as const;
