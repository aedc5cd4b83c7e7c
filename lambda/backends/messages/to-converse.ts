import { citationPlaces } from '../../canonical/citation-places.ts';
import { isObject, list, members, text } from '../../canonical/json.ts';
import type { NativeAnswer } from '../../canonical/native.ts';
import type { Citation, ContentBlock, ConverseAnswer, Json, JsonObject } from '../../canonical/types.ts';

/** A whole message of Claude's as Converse would have answered it: the way back of `from-converse.ts`. */
export function converseAnswer({ body, stopReason, usage, serviceTier }: NativeAnswer): ConverseAnswer {
  return {
    output: { message: { role: 'assistant', content: list(body.content).flatMap(blockOf) } },
    stopReason,
    usage,
    ...(serviceTier && { serviceTier }),
  };
}

function blockOf(block: Readonly<Record<string, unknown>>): ContentBlock[] {
  switch (block.type) {
    case 'text': {
      const said = { text: text(block.text) ?? '' };
      const citations = list(block.citations).flatMap(citationsOf);
      return [citations.length > 0 ? { citationsContent: { content: [said], citations } } : said];
    }
    case 'tool_use': {
      const input = isObject(block.input) ? (block.input as Json) : {};
      return [{ toolUse: { toolUseId: text(block.id) ?? '', name: text(block.name) ?? '', input } }];
    }
    case 'thinking': {
      const { thinking, signature } = members(block);
      return [
        {
          reasoningContent: {
            reasoningText: {
              text: text(thinking) ?? '',
              ...(typeof signature === 'string' && { signature }),
            },
          },
        },
      ];
    }
    case 'redacted_thinking':
      return [{ reasoningContent: { redactedContent: text(block.data) ?? '' } }];
    default:
      return [];
  }
}

/** None for what Converse has no place for: Claude's own web search, which Bedrock does not have, cites pages. */
function citationsOf(cited: Readonly<Record<string, unknown>>): Citation[] {
  const { title, document_title = title, source, cited_text } = cited;
  const named = {
    ...(typeof document_title === 'string' && { title: document_title }),
    ...(typeof source === 'string' && { source }),
    sourceContent: [{ text: text(cited_text) ?? '' }],
  };
  const location = locationOf(cited as JsonObject);
  return location ? [{ ...named, location }] : [];
}

function locationOf(cited: JsonObject): JsonObject | undefined {
  if (cited.type === 'search_result_location') {
    const {
      search_result_index: searchResultIndex = 0,
      start_block_index: start = 0,
      end_block_index: end = 0,
    } = cited;
    return { searchResultLocation: { searchResultIndex, start, end } };
  }
  const place = citationPlaces.find(([, type]) => type === cited.type);
  if (!place) return undefined;
  const [name, , unit] = place;
  const { document_index: documentIndex = 0, [`start_${unit}`]: start = 0, [`end_${unit}`]: end = 0 } = cited;
  return { [name]: { documentIndex, start, end } };
}
