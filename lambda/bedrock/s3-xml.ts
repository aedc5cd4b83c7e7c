/**
 * Reads the few documents of S3 that the gateway asks for. A parser of XML would be ten times this code: the documents
 * are flat lists of elements without attributes that matter, and every key in them is URL-encoded because the gateway
 * asks for that (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).
 */

/** The content of each element of that name, in order. */
export function elements(xml: string, name: string): string[] {
  const [open, close] = [`<${name}>`, `</${name}>`];
  const found: string[] = [];
  for (let from = xml.indexOf(open); from >= 0; from = xml.indexOf(open, from)) {
    const to = xml.indexOf(close, from);
    if (to < 0) break;
    found.push(xml.slice(from + open.length, to));
    from = to;
  }
  return found;
}

/** The text of the first element of that name; undefined where there is none. */
export function element(xml: string, name: string): string | undefined {
  const [found] = elements(xml, name);
  return found === undefined ? undefined : unescaped(found);
}

/** A key of a list that was asked for with `encoding-type=url`, which writes a space as `+`. */
export function decodedKey(key: string): string {
  return decodeURIComponent(unescaped(key).replaceAll('+', ' '));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|(\w{2,4}));/g, (whole, code?: string, name = '') =>
    code === undefined ? (entities[name] ?? whole) : String.fromCodePoint(Number(code)),
  );
}
