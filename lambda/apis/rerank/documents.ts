import { isObject } from '../../canonical/json.ts';
import { badRequest } from '../shared/bad-request.ts';
import { type Fields, kindOf } from '../shared/json.ts';

/** Cohere's limit, and that of Bedrock (https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-supported.html). */
export const maxDocuments = 1000;

/** A document as a client may send it. */
export type Document = string | Fields;

/** Throws a 400 that names the document at fault. */
export function readDocuments(given: readonly unknown[]): Document[] {
  if (given.length === 0) throw badRequest("Invalid value for 'documents': the list is empty.", 'documents');
  if (given.length > maxDocuments) {
    throw badRequest(
      `Invalid value for 'documents': ${given.length} documents; at most ${maxDocuments} can be ranked in one request.`,
      'documents',
    );
  }
  return given.map((document, index) => {
    if (typeof document === 'string' || isObject(document)) return document;
    const path = `documents[${index}]`;
    throw badRequest(
      `Invalid value for '${path}': expected a string or an object, but got ${kindOf(document)}.`,
      path,
    );
  });
}

/**
 * The text of a document that is ranked: of an object the named fields, else its `text`, else all of its members, as
 * Cohere puts them (https://docs.cohere.com/docs/rerank-overview). Throws a 400 where there is none.
 */
export function textOf(document: Document, rankFields: readonly string[] | undefined, path: string): string {
  const text = typeof document === 'string' ? document : textOfObject(document, rankFields);
  if (text === '') throw badRequest(`Invalid value for '${path}': it has no text to rank.`, path);
  return text;
}

function textOfObject(document: Fields, rankFields: readonly string[] | undefined): string {
  if (rankFields === undefined && typeof document.text === 'string') return document.text;
  const names = rankFields?.filter((name) => Object.hasOwn(document, name)) ?? Object.keys(document);
  const [only] = names;
  if (names.length === 1 && only !== undefined) return plain(document[only]);
  return names
    .filter((name) => document[name] !== null)
    .map((name) => `${name}: ${plain(document[name])}`)
    .join('\n');
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
