import { isUtf8 } from 'node:buffer';
import { type ContentBlock, type ConverseRequest, placedBlocks } from '../converse/request.ts';
import { anthropic, everyone, type Rule } from './rule.ts';

const documentsIn = (request: ConverseRequest) =>
  placedBlocks(request).flatMap(({ block, ...place }) => {
    const inside = (block.toolResult?.content ?? []).flatMap(({ document }) =>
      document ? [{ document, inResult: true }] : [],
    );
    const own = block.document ? [{ document: block.document, inResult: false }] : [];
    return [...own, ...inside].map((found) => ({ ...place, ...found }));
  });

// The underscore is taken, whatever the text says (twelve recordings); the full-width space is not.
const documentName = /^[\p{L}\p{N}_ \t\n\r()[\]-]*$/u;

const cites = ({ document }: { document: { citations?: { enabled: boolean } } }): boolean =>
  document.citations?.enabled === true;

/** What may be cited: all of these words are quoted in public reports. */
const citationRules: Rule[] = [
  {
    // boto/boto3#4608. Claude's own page says it of the first generation; what InvokeModel says to that is not known.
    name: 'no citations',
    binds: (family) => !family.citations,
    onInvoke: true,
    breach: (request) =>
      documentsIn(request).some(cites) ? `This model doesn't support citations.` : undefined,
  },
  {
    // boto/boto3#4648.
    name: 'no citations of documents in tool results',
    binds: everyone,
    breach: (request) =>
      documentsIn(request).some((placed) => placed.inResult && cites(placed))
        ? 'Citations are not supported in tool result documents.'
        : undefined,
  },
  {
    // boto/boto3#4726.
    name: 'formats that can be cited',
    binds: everyone,
    breach: (request) =>
      documentsIn(request).some(
        (placed) => cites(placed) && !['txt', 'pdf'].includes(placed.document.format ?? 'txt'),
      )
        ? 'Unsupported document format. Only txt and pdf formats are supported when citations are enabled.'
        : undefined,
  },
  {
    // maximhq/bifrost#7072, on Claude; with citations such a source is taken (strands-agents/harness-sdk#3582).
    name: 'a document whose text is given is there to be cited',
    binds: everyone,
    breach(request) {
      const odd = documentsIn(request).find((placed) => {
        const { bytes, s3Location } = placed.document.source;
        return bytes === undefined && s3Location === undefined && !cites(placed);
      });
      return (
        odd &&
        `DocumentSource object at messages.${odd.turn}.content.${odd.index}.document.source must set one of the following keys: bytes, s3Location.`
      );
    },
  },
  {
    // Anthropic, "Citations"; its words are not known.
    name: 'all documents are cited, or none',
    binds: anthropic,
    from: 'provider',
    breach(request) {
      const whole = documentsIn(request).filter(({ inResult }) => !inResult);
      return whole.some(cites) && !whole.every(cites)
        ? 'Citations must be enabled on all documents of a request or on none of them.'
        : undefined;
    },
  },
];

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
        ? 'A text block must be included when using documents. Add a text block and retry your request.'
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
  ...citationRules,
];

const textual = ['txt', 'md', 'csv', 'html'];

/** Another type than that of a text, of what is declared to be one. */
function shownType({ format = 'txt', source }: NonNullable<ContentBlock['document']>): string | undefined {
  const bytes = Buffer.from(source.bytes ?? '', 'base64');
  if (!textual.includes(format) || bytes.includes(0)) return undefined;
  if (!isUtf8(bytes)) return 'application/octet-stream';
  return /^@echo off/i.test(bytes.toString('utf8', 0, 16)) ? 'application/x-bat' : undefined;
}
