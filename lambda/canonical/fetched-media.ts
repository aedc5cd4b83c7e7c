/** What a URL in a message gave: the type its server gave, and its bytes as base64. */
export interface FetchedMedia {
  mediaType: string;
  bytes: string;
}
