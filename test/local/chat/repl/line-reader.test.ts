import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LineReader } from '../../../../local/chat/repl/line-reader.ts';
import type { Input } from '../../../../local/io.ts';

let stdin: PassThrough;
let reader: LineReader;
beforeEach(() => {
  stdin = new PassThrough();
  reader = new LineReader({
    stdin: stdin as Input,
    stdout: { isTTY: true, write: () => {} },
    prompt: '> ',
    continuation: '… ',
    complete: async (line) => [[`${line}completed`], line],
    history: [],
    onInterrupt: () => {},
  });
});
afterEach(() => reader.close());

const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;

test.each([
  ['tabs', 'func main() {\r\tgo()\r}', 'func main() {\n\tgo()\n}'],
  ['a backslash at the end of a line', 'cc \\\r\t-o x', 'cc \\\n\t-o x'],
  ['line breaks of Windows', 'one\r\ntwo', 'one\ntwo'],
])('%s of a paste stay', async (_, text, expected) => {
  const next = reader.next();
  stdin.write(`${pasted(text)}\r`);
  expect(await next).toBe(expected);
});

test('a backslash that is typed goes on in the next line, also behind a paste', async () => {
  const next = reader.next();
  stdin.write(`${pasted('one')}\\\rtwo\r`);
  expect(await next).toBe('one\ntwo');
});

test('Tab completes again after a paste', async () => {
  const next = reader.next();
  stdin.write(pasted('a\tb'));
  stdin.write('\t');
  await new Promise((resolve) => setTimeout(resolve, 20));
  stdin.write('\r');
  expect(await next).toBe('a\tbcompleted');
});
