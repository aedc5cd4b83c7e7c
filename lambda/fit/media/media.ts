import {
  holdsMedia,
  isCachePoint,
  isToolResult,
  type MediaKind,
  mediaKindOf,
} from '../../canonical/blocks.ts';
import type {
  ContentBlock,
  MediaSource,
  Message,
  ToolResultBlock,
  ToolResultContent,
} from '../../canonical/types.ts';
import { badRequest, unsupported } from '../../errors.ts';
import { field, note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { warn } from '../notes.ts';
import type { FitStep } from '../types.ts';
import { documentNamer } from './document-names.ts';
import { documentAsText, inUtf8, textFormats } from './document-text.ts';
import { mediaFormat } from './format.ts';

export { fitCitations } from './citations.ts';

/**
 * Images, documents, video and audio: formats and names as Converse takes them, media out of tool results
 * where the model takes none there, files of text as text where it takes no documents; of those in tool results that it
 * cannot take at all a note is left. Comes before `fitTurns`, which puts all results of a turn first and gives
 * documents the text they need. Throws a 400 that names what the model cannot take.
 */
export const fitMedia: FitStep = (draft, capabilities) => {
  const fitting = new MediaFitting(capabilities, draft.model);
  draft.request.messages = draft.request.messages.map((message) => fitting.message(message));
  if (fitting.inlined > 0 && !capabilities.document) {
    warn(draft, note`${fitting.inlined} file(s) sent as text: the model takes no documents`);
  }
  if (fitting.recoded > 0) {
    warn(draft, note`${fitting.recoded} file(s) of text became UTF-8: Bedrock reads no other encoding`);
  }
  if (fitting.omitted > 0) {
    warn(draft, note`${fitting.omitted} file(s) left out of tool results: the model takes no such input`);
  }
  if (fitting.moved > 0) {
    warn(draft, note`${fitting.moved} file(s) moved out of tool results, where this model takes none`);
  }
};

class MediaFitting {
  moved = 0;
  inlined = 0;
  recoded = 0;
  omitted = 0;
  readonly #capabilities: Capabilities;
  readonly #model: string;
  readonly #documentName = documentNamer();

  constructor(capabilities: Capabilities, model: string) {
    this.#capabilities = capabilities;
    this.#model = model;
  }

  message(message: Message): Message {
    const { role, content } = message;
    if (!content.some(holdsMedia)) return message;
    const fitted: ContentBlock[] = [];
    // Moved media stand behind the cache points of their result, so that those still end with it.
    let waiting: ContentBlock[] = [];
    for (const block of content) {
      if (!isCachePoint(block)) {
        for (const moved of waiting) fitted.push(moved);
        waiting = [];
      }
      if (isToolResult(block) && role === 'user') {
        const { result, media } = this.#result(block);
        fitted.push(result);
        waiting = media;
      } else fitted.push(this.#block(role, block));
    }
    return { role, content: [...fitted, ...waiting] };
  }

  #block(role: Message['role'], block: ContentBlock): ContentBlock {
    const kind = mediaKindOf(block);
    if (!kind) return block;
    if (role !== 'user') {
      throw badRequest(
        `A message of role "${role}" holds a file (${kind}). Bedrock takes files only from the user: move it to a user message.`,
        field('messages'),
      );
    }
    const isTaken = this.#capabilities[kind];
    if ('document' in block) {
      // What has no bytes is a text to Bedrock already.
      const isRefused = this.#capabilities.textFilesAsText && block.document.source.bytes !== undefined;
      const text = !isTaken || isRefused ? documentAsText(block) : undefined;
      if (text) {
        this.inlined += 1;
        return text;
      }
    }
    if (!isTaken) {
      throw unsupported(
        `The model \`${this.#model}\` takes no ${kind} input. Leave the ${kind} out or choose a model that takes it.`,
        field('messages'),
      );
    }
    if ('image' in block) this.#checkSize(block.image.source.bytes?.length ?? 0);
    return this.#spelled(block);
  }

  /** Claude: "image exceeds 5 MB maximum: 7167852 bytes > 5242880 bytes", counted in base64. */
  #checkSize(length: number): void {
    const { imageBase64Limit: limit = Number.POSITIVE_INFINITY } = this.#capabilities;
    if (length <= limit) return;
    throw badRequest(
      `An image has ${length} bytes as base64; the model \`${this.#model}\` takes at most ${limit}. Scale it down.`,
      field('messages'),
    );
  }

  #spelled(block: ContentBlock): ContentBlock {
    if ('image' in block) return { image: { ...block.image, ...this.#formatOf('image', block.image) } };
    if ('video' in block) return { video: { ...block.video, ...this.#formatOf('video', block.video) } };
    if ('audio' in block) return { audio: { ...block.audio, ...this.#formatOf('audio', block.audio) } };
    if (!('document' in block)) return block;
    const { document } = block;
    const inline = document.source.text !== undefined || document.source.content !== undefined;
    const name = this.#documentName(document.name);
    if (inline && document.format === undefined) return { document: { ...document, name } };
    const { format } = this.#formatOf('document', document);
    return { document: { ...document, format, source: this.#readable(document.source, format), name } };
  }

  #readable(source: MediaSource, format: string): MediaSource {
    const bytes =
      source.bytes === undefined || !textFormats.includes(format) ? undefined : inUtf8(source.bytes);
    if (bytes === undefined) return source;
    this.recoded += 1;
    return { ...source, bytes };
  }

  #formatOf(kind: MediaKind, { format, source }: { format?: string; source: MediaSource }) {
    return { format: mediaFormat(kind, format, source, this.#capabilities.mediaFormatByBytes) };
  }

  /**
   * What stands for media that the model cannot take. No person has sent these, and they stay in the history: refused,
   * an agent that has looked at a picture once could never go on.
   */
  #leftOut(block: ContentBlock): ContentBlock | undefined {
    const kind = mediaKindOf(block);
    if (!kind || this.#capabilities[kind] || ('document' in block && documentAsText(block))) return undefined;
    this.omitted += 1;
    return { text: `[${kind} left out: the model takes no ${kind} input]` };
  }

  #result(block: ToolResultBlock): { result: ToolResultBlock; media: ContentBlock[] } {
    const { toolResult } = block;
    if (!toolResult.content.some(mediaKindOf)) return { result: block, media: [] };
    const media: ContentBlock[] = [];
    const content = toolResult.content.map((part): ToolResultContent => {
      if (!mediaKindOf(part)) return part;
      const block = part as ContentBlock;
      const fitted = this.#leftOut(block) ?? this.#block('user', block);
      if (this.#mayStand(fitted)) return fitted as ToolResultContent;
      this.moved += 1;
      const label = `Attachment ${this.moved}`;
      media.push({ text: `${label}:` }, fitted);
      return { text: `See ${label.toLowerCase()} after the tool results.` };
    });
    return { result: { toolResult: { ...toolResult, content } }, media };
  }

  /** Whether the model takes this inside a tool result. */
  #mayStand(block: ContentBlock): boolean {
    const { image, document, video } = this.#capabilities.toolResultMedia;
    if ('text' in block) return true;
    if ('image' in block) return image;
    if ('video' in block) return video;
    if (!('document' in block)) return false;
    return (
      document === 'any' || (document === 'text' && textFormats.includes(block.document.format ?? 'txt'))
    );
  }
}
