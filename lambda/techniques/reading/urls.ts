/** The http(s) URLs of a text, each once, without the punctuation and the brackets that stand behind them. */
export function urlsIn(text: string): string[] {
  const found = [...text.matchAll(/\bhttps?:\/\/[^\s<>"'`{}|\\^]+/gi)].map(([url]) => trimmed(url));
  return [...new Set(found)].filter((url) => URL.canParse(url));
}

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

function trimmed(url: string): string {
  const counts = new Map([...'()[]'].map((each) => [each, count(url, each)]));
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url[end - 1] as string;
    const open = pairs[last];
    const isStray = open !== undefined && (counts.get(last) ?? 0) > (counts.get(open) ?? 0);
    if (!isStray && !/[.,;:!?*_]/.test(last)) break;
    if (isStray) counts.set(last, (counts.get(last) ?? 0) - 1);
  }
  return url.slice(0, end);
}

const count = (text: string, character: string): number => text.split(character).length - 1;
