import type { EmbedFormat } from './embed-format.ts';
import { marengo2 } from './marengo-2.ts';

export const marengo3: EmbedFormat = {
  toBody: ([inputText = '']) => ({ inputType: 'text', text: { inputText } }),
  fromBody: marengo2.fromBody,
};
