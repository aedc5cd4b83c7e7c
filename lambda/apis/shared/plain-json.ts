/** Whether each character is one byte, and stands for itself in JSON: most texts of an event do. */
export function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === quote || code === backslash) return false;
  }
  return true;
}
const [quote, backslash] = [0x22, 0x5c];
