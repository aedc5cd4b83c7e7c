import { members } from '../../canonical/json.ts';
import type { Citation } from '../../canonical/types.ts';

export type Annotation =
  | { type: 'url_citation'; url: string; title: string; start_index: number; end_index: number }
  /** `citation`: in Converse's own words, because OpenAI has no annotation for a place in a document. */
  | { type: 'file_citation'; file_id: string; filename: string; index: number; citation: Citation };

/**
 * A citation as OpenAI's annotation. One of a document is a `file_citation`: the AI SDK refuses an answer with an
 * annotation of a type that it does not know. `start` and `end`: the characters of the text that it stands behind.
 */
export function annotationOf(citation: Citation, start: number, end: number): Annotation {
  const { title, source = '' } = citation;
  const { url } = members(citation.location?.web);
  const address = typeof url === 'string' ? url : /^https?:\/\//i.test(source) ? source : undefined;
  if (address !== undefined) {
    return {
      type: 'url_citation',
      url: address,
      title: title ?? address,
      start_index: start,
      end_index: end,
    };
  }
  return { type: 'file_citation', file_id: source, filename: title ?? source, index: end, citation };
}
