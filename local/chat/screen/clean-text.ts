/**
 * Everything but line breaks and tabs that a terminal would act on: a model may repeat what some page told it, and
 * escape sequences can move the cursor, set the clipboard or ask the terminal questions. Also the marks that turn the
 * direction of text around.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text that is safe to show. */
export const cleanText = (text: string): string => text.replaceAll('\r\n', '\n').replace(controls, '');
