interface Citation {
  title?: string;
  sourceContent?: { text: string }[];
  location?: {
    documentPage?: { documentIndex: number; start: number; end: number };
    web?: { url: string; domain?: string };
  };
}

/** A citation of Converse as Anthropic spells it. */
export function citationOf(citation: Record<string, unknown>) {
  const { title = null, sourceContent = [], location = {} } = citation as Citation;
  const cited_text = sourceContent.map(({ text }) => text).join('');
  const { documentPage: page, web } = location;
  if (page) {
    return {
      type: 'page_location',
      cited_text,
      document_index: page.documentIndex,
      document_title: title,
      start_page_number: page.start,
      end_page_number: page.end,
    };
  }
  return { type: 'web_search_result_location', cited_text, url: web?.url ?? '', title, encrypted_index: '' };
}
