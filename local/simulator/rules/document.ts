import { isUtf8 } from 'node:buffer';
import { type ContentBlock, type ConverseRequest, placedBlocks } from '../converse/request.ts';
import { everyone, type Rule } from './rule.ts';

const documentsIn = (request: ConverseRequest) =>
  placedBlocks(request).flatMap(({ block, ...place }) => {
    const inside = (block.toolResult?.content ?? []).flatMap(({ document }) => (document ? [document] : []));
    return [...(block.document ? [block.document] : []), ...inside].map((document) => ({
      ...place,
      document,
    }));
  });

// The underscore is taken, whatever the text says (twelve recordings); the full-width space is not.
const documentName = /^[\p{L}\p{N}_ \t\n\r()[\]-]*$/u;

/** Documents. */
export const documentRules: Rule[] = [
  {
    name: 'names of documents',
    binds: everyone,
    breach(request) {
      const odd = documentsIn(request).find(
        ({ document }) => !documentName.test(document.name) || /\s\s/.test(document.name),
      );
      return (
        odd &&
        `The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.`
      );
    },
  },
  {
    name: 'names of documents are unique',
    binds: everyone,
    breach(request) {
      const names = documentsIn(request).map(({ document }) => document.name);
      return new Set(names).size < names.length
        ? `Messages can't contain duplicate document names. Rename the document and retry your request.`
        : undefined;
    },
  },
  {
    name: 'a document comes with text',
    binds: everyone,
    breach: ({ messages = [] }) =>
      messages.some(
        ({ content }) =>
          content.some(({ document }) => document) && !content.some(({ text }) => text !== undefined),
      )
        ? 'A text block must be included when using documents.'
        : undefined,
  },
  {
    name: 'a PDF is one',
    binds: everyone,
    from: 'provider',
    breach(request) {
      const wrong = documentsIn(request).find(({ document: { format, source } }) => {
        const bytes = Buffer.from(source.bytes ?? '', 'base64');
        return format === 'pdf' && source.bytes && !bytes.subarray(0, 1024).includes('%PDF-');
      });
      return wrong && 'The PDF specified was not valid.';
    },
  },
  {
    // Measured on Claude Haiku 4.5 with a CSV in Shift_JIS (aws-samples/generative-ai-use-cases#1679), and of batch files
    // declared as text (strands-agents/harness-sdk#1823): the bytes decide, whatever format is declared.
    name: 'the type that the bytes of a text show',
    binds: everyone,
    breach(request) {
      const types = documentsIn(request).map(({ document }) => shownType(document));
      const odd = types.find((type) => type !== undefined);
      return (
        odd &&
        `Unsupported MIME type: ${odd}. Retry your request with a supported file type: xlsx, txt, pdf, csv, md, doc, html, xls, docx`
      );
    },
  },
  {
    // bifrost#5472.
    name: 'a text document is UTF-8',
    binds: everyone,
    from: 'provider',
    breach(request) {
      const wrong = documentsIn(request).find(({ document: { format = 'txt', source } }) => {
        const bytes = Buffer.from(source.bytes ?? '', 'base64');
        return ['txt', 'md', 'csv', 'html'].includes(format) && bytes.includes(0);
      });
      return (
        wrong &&
        `messages.${wrong.turn}.content.${wrong.index}.source.bytes: The document source bytes could not be parsed as the specified format. If using a text-based format, try source.text instead of source.bytes.`
      );
    },
  },
];

const textual = ['txt', 'md', 'csv', 'html'];

/** Another type than that of a text, of what is declared to be one. */
function shownType({ format = 'txt', source }: NonNullable<ContentBlock['document']>): string | undefined {
  const bytes = Buffer.from(source.bytes ?? '', 'base64');
  if (!textual.includes(format) || bytes.includes(0)) return undefined;
  if (!isUtf8(bytes)) return 'application/octet-stream';
  return /^@echo off/i.test(bytes.toString('utf8', 0, 16)) ? 'application/x-bat' : undefined;
}
