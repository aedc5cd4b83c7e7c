/** What stands in the last `<output>` of a reply, or behind it where it is never closed; the whole reply where there is none. */
export function readOutput(reply: string): string {
  const begin = reply.lastIndexOf('<output>');
  if (begin < 0) return reply.trim();
  const inside = reply.slice(begin + '<output>'.length);
  const end = inside.indexOf('</output>');
  return (end < 0 ? inside : inside.slice(0, end)).trim();
}
