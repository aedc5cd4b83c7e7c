import type { AnswerHead } from './telling.ts';

/** How each chunk of an answer begins, up to its `choices`. */
export function chunkHead({ id, created, model }: AnswerHead): string {
  const fixed = JSON.stringify({ id, object: 'chat.completion.chunk', created, model });
  return `data: ${fixed.slice(0, -1)},`;
}

/** Whether each character is one byte, and stands for itself in JSON: most texts of an event do. */
export function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === quote || code === backslash) return false;
  }
  return true;
}
const [quote, backslash] = [0x22, 0x5c];
