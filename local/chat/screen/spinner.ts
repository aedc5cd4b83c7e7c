import type { Output } from '../../io.ts';
import { wrapped } from './blocks.ts';
import { cleanText } from './clean-text.ts';
import { dim } from './style.ts';

const frames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
const frameMs = 80;

/**
 * Shows that an answer is awaited, until it is stopped. Own code, because the packages for it take Ctrl-C for
 * themselves and end the process.
 */
export function startSpinner(out: Output, text: string, style = dim): () => void {
  if (!out.isTTY) return () => {};
  let at = 0;
  const draw = () => {
    // On one line: what goes over its end could not be drawn over.
    const [shown = ''] = wrapped(cleanText(text), (out.columns || 80) - 3);
    out.write(`\r${style(`${frames[at % frames.length]} ${shown}`)}\x1b[K`);
    at += 1;
  };
  draw();
  const timer = setInterval(draw, frameMs);
  let running = true;
  return () => {
    if (!running) return;
    running = false;
    clearInterval(timer);
    out.write('\r\x1b[K');
  };
}
