import type { StoredFile } from '../../batches/files.ts';

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** https://platform.openai.com/docs/api-reference/files/object */
export function openAiFile(id: string, { filename, purpose, bytes, createdAt, expiresAt }: StoredFile) {
  return {
    id,
    object: 'file' as const,
    bytes,
    created_at: seconds(createdAt),
    expires_at: seconds(expiresAt),
    filename,
    purpose,
    status: 'processed' as const,
    status_details: null,
  };
}

/** https://platform.claude.com/docs/en/api/files-metadata */
export function anthropicFile(id: string, { filename, bytes, createdAt }: StoredFile) {
  return {
    id,
    type: 'file' as const,
    filename,
    mime_type: mimeTypeOf(filename),
    size_bytes: bytes,
    created_at: new Date(createdAt).toISOString(),
    downloadable: true,
  };
}

const mimeTypes: ReadonlyMap<string, string> = new Map([
  ['jsonl', 'application/jsonl'],
  ['json', 'application/json'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
]);

const mimeTypeOf = (filename: string): string =>
  mimeTypes.get(/\.(\w+)$/.exec(filename)?.[1]?.toLowerCase() ?? '') ?? 'application/octet-stream';
