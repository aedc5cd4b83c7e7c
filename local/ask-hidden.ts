import type { Input, Output } from './io.ts';

/**
 * What a terminal sends for keys without a letter, such as arrows, and around what is pasted
 * (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html): no part of a text.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what they begin with
const otherKeys = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O.|[^[O])?/g;

/** Asks for a line that is not shown. undefined: there is no terminal to ask at, or the person gave up (Ctrl-C, Ctrl-D). */
export async function askHidden(
  question: string,
  { stdin, stderr }: { stdin?: Input; stderr: Output },
): Promise<string | undefined> {
  if (!stdin?.isTTY || !stdin.setRawMode || !stderr.isTTY) return undefined;
  const input = stdin;
  stderr.write(question);
  input.setRawMode?.(true);
  try {
    return await new Promise<string | undefined>((resolve) => {
      let text = '';
      const onData = (chunk: Buffer | string) => {
        for (const key of String(chunk).replace(otherKeys, '')) {
          if (key === '\r' || key === '\n') return finish(text);
          if (key === '\u0003' || (key === '\u0004' && text === '')) return finish(undefined);
          if (key === '\u007f' || key === '\b') text = [...text].slice(0, -1).join('');
          else if (key >= ' ') text += key;
        }
      };
      const finish = (answer: string | undefined) => {
        input.off('data', onData);
        resolve(answer);
      };
      input.on('data', onData);
      input.resume();
    });
  } finally {
    input.pause();
    input.setRawMode?.(false);
    stderr.write('\n');
  }
}
