/** A fenced block of Markdown. */
export interface Fence {
  /** What stands behind the opening marks; '' where nothing does. */
  label: string;
  content: string;
}

/**
 * The fenced blocks of a text, in one pass; one that is never closed reaches to the end. Backticks behind backticks in one
 * line are a piece of code in it (https://spec.commonmark.org/0.31.2/#fenced-code-blocks).
 */
export function readFences(text: string): Fence[] {
  const fences: Fence[] = [];
  let open: { marks: string; label: string; lines: string[] } | undefined;
  const close = () => {
    if (open) fences.push({ label: open.label, content: open.lines.join('\n') });
    open = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    const [, marks = '', rest = ''] = /^\s{0,3}(`{3,}|~{3,})(.*)$/s.exec(line) ?? [];
    if (open) {
      const isEnd = marks.startsWith(open.marks) && rest.trim() === '';
      if (isEnd) close();
      else open.lines.push(line);
    } else if (marks !== '' && !(marks.startsWith('`') && rest.includes('`')))
      open = { marks, label: rest.trim().toLowerCase(), lines: [] };
  }
  close();
  return fences;
}
