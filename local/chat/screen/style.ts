import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Escape sequences around a text; whether there may be any is decided before. */
export const styled = (format: Format, text: string): string =>
  text === '' ? '' : styleText(format, text, { validateStream: false });

export const dim = (text: string): string => styled('dim', text);
export const bold = (text: string): string => styled('bold', text);
