import { type ConverseRequest, placedBlocks } from '../converse/request.ts';
import { anthropic, isBlank, type Rule } from './rule.ts';

interface SearchResult {
  /** On InvokeModel, where what a server's tool has found stands in the same place. */
  type?: string;
  content?: { text?: string }[];
  citations?: { enabled?: boolean };
}

/** Those of turns and those in results of tools. */
const resultsIn = (request: ConverseRequest): SearchResult[] =>
  placedBlocks(request)
    .flatMap(({ block }) => [block, ...(block.toolResult?.content ?? [])])
    .flatMap(({ searchResult }) => (searchResult as SearchResult | undefined) ?? [])
    .filter(({ type = 'search_result' }) => type === 'search_result');

/** Anthropic, "Search results". Its words are not known. */
export const searchResultRules: Rule[] = [
  {
    name: 'all search results are cited, or none',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      new Set(resultsIn(request).map(({ citations }) => citations?.enabled === true)).size > 1
        ? 'Citations must be enabled on all search results of a request or on none of them.'
        : undefined,
  },
  {
    name: 'search results say something',
    binds: anthropic,
    from: 'provider',
    breach: (request) =>
      resultsIn(request).some(
        ({ content = [] }) => content.length === 0 || content.some(({ text }) => isBlank(text)),
      )
        ? 'search_result: content must hold at least one text, and no empty one'
        : undefined,
  },
];
