/** The http(s) URLs of a text, each once, without the punctuation and the brackets that stand behind them. */
export function urlsIn(text: string): string[] {
  const found = [...text.matchAll(/\bhttps?:\/\/[^\s<>"'`{}|\\^]+/gi)].map(([url]) => trimmed(url));
  return [...new Set(found)].filter((url) => URL.canParse(url));
}

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

function trimmed(given: string): string {
  let url = given;
  for (;;) {
    const last = url.at(-1) ?? '';
    const open = pairs[last];
    const isStray = open !== undefined && count(url, last) > count(url, open);
    if (!isStray && !/[.,;:!?*_]/.test(last)) return url;
    url = url.slice(0, -1);
  }
}

const count = (text: string, character: string): number => text.split(character).length - 1;
