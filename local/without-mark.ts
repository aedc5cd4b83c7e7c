/** A text without the byte order mark that some editors and shells of Windows put before it, and JSON does not know. */
export const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');
