/** How a file is written, beside what it says: a byte order mark before it, and lines that end as on Windows. */
interface TextForm {
  mark: boolean;
  crlf: boolean;
}

/** Lines end as on Windows where all do: of a mixture nobody could say how a new one should. */
const formOf = (text: string): TextForm => ({
  mark: text.startsWith('\uFEFF'),
  crlf: text.includes('\r\n') && !/(?<!\r)\n|\r(?!\n)/.test(text),
});

/** A text as it is edited, whatever its form, and the way back: what is put into a file is written as the rest of it. */
export function plainForm(text: string): { plain: string; restore: (edited: string) => string } {
  const { mark, crlf } = formOf(text);
  const content = mark ? text.slice(1) : text;
  return {
    plain: crlf ? content.replaceAll('\r\n', '\n') : content,
    restore: (edited) => (mark ? '\uFEFF' : '') + (crlf ? edited.replace(/\r?\n/g, '\r\n') : edited),
  };
}
