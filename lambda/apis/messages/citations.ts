import { citationPlaces } from '../../canonical/citation-places.ts';
import { isObject } from '../../canonical/json.ts';
import type { Citation, Json, JsonObject } from '../../canonical/types.ts';

/**
 * A citation in Anthropic's form (https://docs.anthropic.com/en/docs/build-with-claude/citations). None for those of
 * web pages: Anthropic's has a sealed index, which Claude demands back, and only its own web search, which Bedrock
 * does not have, leads to one.
 */
export function citationOf({
  location,
  title,
  source,
  sourceContent = [],
}: Citation): JsonObject | undefined {
  const cited = sourceContent.map(({ text = '' }) => text).join('');
  const found = at(location, 'searchResultLocation');
  if (found) {
    return {
      type: 'search_result_location',
      cited_text: cited,
      source: source ?? '',
      title: title ?? null,
      search_result_index: found.searchResultIndex ?? 0,
      start_block_index: found.start ?? 0,
      end_block_index: found.end ?? 0,
    };
  }
  for (const [name, type, unit] of citationPlaces) {
    const place = at(location, name);
    if (!place) continue;
    return {
      type,
      cited_text: cited,
      document_index: place.documentIndex ?? 0,
      document_title: title ?? null,
      [`start_${unit}`]: place.start ?? 0,
      [`end_${unit}`]: place.end ?? 0,
    };
  }
  return undefined;
}

function at(location: JsonObject | undefined, name: string): JsonObject | undefined {
  const place: Json | undefined = location?.[name];
  return isObject(place) ? (place as JsonObject) : undefined;
}
