import { stripVTControlCharacters } from 'node:util';
import { Terminal } from '@xterm/headless';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import type { ConverseEvent } from '../../../../lambda/canonical/types.ts';
import { startSpinner } from '../../../../local/chat/screen/spinner.ts';
import { createView } from '../../../../local/chat/screen/view.ts';

const text = (said: string): ConverseEvent => ({
  contentBlockDelta: { contentBlockIndex: 0, delta: { text: said } },
});
const reasoning = (thought: string): ConverseEvent => ({
  contentBlockDelta: { contentBlockIndex: 1, delta: { reasoningContent: { text: thought } } },
});

test('what a model reasons after a part of its answer is drawn below that part, and nothing is drawn over', async () => {
  const terminal = new Terminal({ cols: 40, rows: 20, allowProposedApi: true, convertEol: true });
  let raw = '';
  const stdout = { isTTY: true, columns: 40, rows: 20, write: (each: string) => (raw += each) };
  const view = createView({ stdout, stderr: stdout, env: {} }, { showReasoning: true, waiting: 'a model' });
  for (const event of [reasoning('one'), text('first words'), reasoning('two'), text('last words')]) {
    view.push([event]);
    // As a model writes: what came is on the screen before more comes.
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  view.end();
  await new Promise<void>((resolve) => terminal.write(raw, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, i) => active.getLine(i)?.translateToString(true));
  expect(lines.filter(Boolean)).toEqual(['one', 'first words', 'two', 'last words']);
});

test.each([[20], [6], [0]])('the spinner stays on its line in a terminal of %i columns', (columns) => {
  const written: string[] = [];
  const out = { isTTY: true, columns, write: (each: string) => written.push(each) };
  startSpinner(out, `arn:aws:bedrock:us-east-1:${'1'.repeat(90)} (Ctrl-C stops it)\x1b[2J`)();
  for (const each of written) expect(stringWidth(stripVTControlCharacters(each))).toBeLessThan(columns || 80);
  expect(written.join('')).not.toContain('\x1b[2J');
});
