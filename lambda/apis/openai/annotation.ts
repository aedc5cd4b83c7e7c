import { members } from '../../canonical/json.ts';
import type { Citation } from '../../canonical/types.ts';

export interface UrlCitation {
  type: 'url_citation';
  url_citation: { url: string; title: string; start_index: number; end_index: number };
}
/** OpenAI has no annotation for a place in a document of the request: Converse's own words. */
export interface DocumentCitation {
  type: 'document_citation';
  document_citation: Citation & { start_index: number; end_index: number };
}
export type Annotation = UrlCitation | DocumentCitation;

/**
 * A citation as OpenAI's annotation where it has a URL; else in Converse's own words, as OpenAI has none.
 * `start` and `end`: the characters of `content` it stands behind.
 */
export function annotation(citation: Citation, start: number, end: number): Annotation {
  const web = citation.location?.web;
  const url = members(web).url;
  const place = { start_index: start, end_index: end };
  return typeof url === 'string'
    ? { type: 'url_citation', url_citation: { url, title: citation.title ?? url, ...place } }
    : { type: 'document_citation', document_citation: { ...citation, ...place } };
}
