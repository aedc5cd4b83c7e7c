import { type MediaKind, mediaKinds } from './blocks.ts';

/** As Converse spells them: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html */
export const mediaFormats: Readonly<Record<MediaKind, readonly string[]>> = {
  image: ['png', 'jpeg', 'gif', 'webp'],
  document: ['pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md'],
  video: ['mkv', 'mov', 'mp4', 'webm', 'flv', 'mpeg', 'mpg', 'wmv', 'three_gp'],
  audio: 'mp3 opus wav aac flac mp4 ogg mkv mka x-aac m4a mpeg mpga pcm webm'.split(' '),
};

/** Media types to those formats. Maps here and below, because clients write what is looked up. */
const mediaTypes: Readonly<Record<MediaKind, ReadonlyMap<string, string>>> = {
  image: new Map([
    ['image/png', 'png'],
    ['image/jpeg', 'jpeg'],
    ['image/jpg', 'jpeg'],
    ['image/gif', 'gif'],
    ['image/webp', 'webp'],
  ]),
  document: new Map([
    ['application/pdf', 'pdf'],
    ['text/csv', 'csv'],
    ['application/msword', 'doc'],
    ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
    ['application/vnd.ms-excel', 'xls'],
    ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
    ['text/html', 'html'],
    ['text/plain', 'txt'],
    ['text/markdown', 'md'],
  ]),
  video: new Map([
    ['video/mp4', 'mp4'],
    ['video/quicktime', 'mov'],
    ['video/x-matroska', 'mkv'],
    ['video/webm', 'webm'],
    ['video/x-flv', 'flv'],
    ['video/mpeg', 'mpeg'],
    ['video/x-ms-wmv', 'wmv'],
    ['video/3gpp', 'three_gp'],
  ]),
  audio: new Map([
    ['audio/mpeg', 'mp3'],
    ['audio/mp3', 'mp3'],
    ['audio/wav', 'wav'],
    ['audio/x-wav', 'wav'],
    ['audio/aac', 'aac'],
    ['audio/flac', 'flac'],
    ['audio/ogg', 'ogg'],
    ['audio/opus', 'opus'],
    ['audio/mp4', 'm4a'],
    ['audio/webm', 'webm'],
  ]),
};

/** What clients and the endings of file names call a format that Converse calls otherwise. */
const otherNames: Readonly<Record<MediaKind, ReadonlyMap<string, string>>> = {
  image: new Map([
    ['jpg', 'jpeg'],
    ['pjpeg', 'jpeg'],
    ['jfif', 'jpeg'],
  ]),
  document: new Map([
    ['htm', 'html'],
    ['markdown', 'md'],
    ...'plain text log json jsonl xml yaml yml tsv'.split(' ').map((name) => [name, 'txt'] as const),
  ]),
  video: new Map([
    ['3gp', 'three_gp'],
    ['3gpp', 'three_gp'],
    ['quicktime', 'mov'],
    ['x-matroska', 'mkv'],
    ['x-flv', 'flv'],
  ]),
  audio: new Map([
    ['x-wav', 'wav'],
    ['wave', 'wav'],
    ['x-m4a', 'm4a'],
    ['x-flac', 'flac'],
    ['x-matroska', 'mkv'],
  ]),
};

/** The format of a media type in small letters; undefined where the type is none of this kind. */
export const formatOfType = (kind: MediaKind, mediaType: string): string | undefined =>
  mediaTypes[kind].get(mediaType);

/** The format that Converse has under a name in small letters, or a name's own text where Converse has none. */
export const formatOfName = (kind: MediaKind, name: string): string => otherNames[kind].get(name) ?? name;

export const isMediaFormat = (kind: MediaKind, format: string): boolean =>
  mediaFormats[kind].includes(format);

/** A media type of the format; undefined where it has none. */
export const mediaTypeOf = (kind: MediaKind, format: string): string | undefined =>
  [...mediaTypes[kind]].find(([, each]) => each === format)?.[0];

export const kindOfMediaType = (mediaType: string): MediaKind | undefined =>
  mediaKinds.find((kind) => mediaTypes[kind].has(mediaType));
