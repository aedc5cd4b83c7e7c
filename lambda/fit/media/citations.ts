import { isToolResult } from '../../canonical/blocks.ts';
import type {
  ContentBlock,
  DocumentBlock,
  Message,
  TextBlock,
  ToolResultContent,
} from '../../canonical/types.ts';
import { type Note, note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { mapContent } from '../content.ts';
import { warn } from '../notes.ts';
import type { FitStep } from '../types.ts';
import { documentAsText, textFormats } from './document-text.ts';
import { mediaFormat } from './format.ts';

type Document = DocumentBlock['document'];

/** "Unsupported document format. Only txt and pdf formats are supported when citations are enabled" (boto/boto3#4726). */
const citable = ['txt', 'pdf'];

/**
 * Documents with and without citations, as Converse takes them. Claude cites all documents of a request or none of them, and
 * none in tool results ("Citations are not supported in tool result documents", boto/boto3#4648); other models cite none
 * ("This model doesn't support citations", boto/boto3#4608). A document whose text is given, and not its bytes, is there
 * to be cited: else "DocumentSource object at ... must set one of the following keys: bytes, s3Location"
 * (maximhq/bifrost#7072). Comes after `fitTurns`, which puts documents where they will stand.
 */
export const fitCitations: FitStep = (draft, capabilities) => {
  if (!capabilities.document) return;
  const { messages } = draft.request;
  const [documents, parts] = documentsIn(messages);
  if (documents.length === 0 && parts.length === 0) return;
  const whole = documents.filter(saysSomething);
  const cited = isAsked(whole) && whole.every(({ document }) => isCitable(document, capabilities));
  if (isAsked([...whole, ...parts])) warnOf(cited, whole, parts, (said) => warn(draft, said));
  draft.request.messages = withCitations(messages, cited);
};

const isDocument = (block: object): block is DocumentBlock => 'document' in block;

const saysSomething = ({ document }: DocumentBlock): boolean => textOf(document)?.trim() !== '';

/** Those that stand in turns, and those in results of tools. Most histories have none, however long they are. */
function documentsIn(messages: readonly Message[]): [whole: DocumentBlock[], parts: DocumentBlock[]] {
  const whole: DocumentBlock[] = [];
  const parts: DocumentBlock[] = [];
  for (const { content } of messages) {
    for (const block of content) {
      if (isDocument(block)) whole.push(block);
      else if (isToolResult(block)) {
        for (const part of block.toolResult.content) if (isDocument(part)) parts.push(part);
      }
    }
  }
  return [whole, parts];
}

const isAsked = (documents: readonly DocumentBlock[]): boolean =>
  documents.some(({ document }) => document.citations?.enabled);

function isCitable({ format, source }: Document, { cites, mediaFormatByBytes }: Capabilities): boolean {
  if (!cites || source.s3Location) return false;
  return citable.includes(mediaFormat('document', format, source, mediaFormatByBytes));
}

function warnOf(
  cited: boolean,
  whole: readonly DocumentBlock[],
  parts: readonly DocumentBlock[],
  say: (said: Note) => void,
): void {
  if (!cited && isAsked(whole))
    say(note`citations were left out: the model cannot cite all of the documents`);
  if (isAsked(parts))
    say(note`citations of documents in tool results were left out: Bedrock takes none there`);
  if (cited && !whole.every(({ document }) => document.citations?.enabled))
    say(note`citations are on for all documents: the model takes them for all or for none`);
}

function withCitations(messages: readonly Message[], cited: boolean): Message[] {
  return mapContent(messages, (content) =>
    content.some((block) => isDocument(block) || isToolResult(block))
      ? content.map((block): ContentBlock => {
          if (!isToolResult(block)) return fitted(block, cited);
          const { toolResult } = block;
          const parts = toolResult.content.map((part): ToolResultContent => fitted(part, false));
          return { toolResult: { ...toolResult, content: parts } };
        })
      : content,
  );
}

function fitted<T extends object>(block: T, cited: boolean): T | DocumentBlock | TextBlock {
  if (!isDocument(block)) return block;
  const { citations: _, ...document } = block.document;
  const given = textOf(document);
  if (given === undefined)
    return { document: cited ? { ...document, citations: { enabled: true } } : document };
  // In a document of nothing there is nothing to read or to cite.
  if (!saysSomething({ document })) return documentAsText({ document }) ?? block;
  if (cited) return { document: { ...document, citations: { enabled: true } } };
  const { format = 'txt' } = document;
  return {
    document: {
      ...document,
      format: textFormats.includes(format) ? format : 'txt',
      source: { bytes: Buffer.from(given).toString('base64') },
    },
  };
}

/** The text that is given of a document, undefined where its bytes are. */
const textOf = ({ source: { text, content } }: Document): string | undefined =>
  text ?? content?.map((part) => part.text).join('\n');
