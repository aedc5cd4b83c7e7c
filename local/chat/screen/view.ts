import type { ConverseEvent } from '../../../lambda/canonical/types.ts';
import type { Io, Output } from '../../io.ts';
import { cleanText } from './clean-text.ts';
import { MarkdownStream } from './markdown-stream.ts';
import { startSpinner } from './spinner.ts';
import { dim } from './style.ts';

/** Shows one answer while it comes. */
export interface View {
  push(batch: readonly ConverseEvent[]): void;
  /** Whatever has come is shown, and the cursor stands at the beginning of a line. */
  end(): void;
}

export interface ViewOptions {
  showReasoning: boolean;
  /** Said beside the spinner. */
  waiting: string;
}

/** Markdown with colours on a terminal; elsewhere, and where NO_COLOR is set, the text as it is. */
export function createView(io: Io, options: ViewOptions): View {
  return isRich(io) ? terminalView(io.stdout, options) : plainView(io, options);
}

/** https://no-color.org */
export const isRich = ({ stdout, env }: Io): boolean =>
  stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';

interface Pieces {
  text: string;
  reasoning: string;
}

function piecesOf(event: ConverseEvent): Pieces | undefined {
  if (!('contentBlockDelta' in event)) return undefined;
  const { delta } = event.contentBlockDelta;
  if ('text' in delta) return { text: delta.text, reasoning: '' };
  return 'reasoningContent' in delta ? { text: '', reasoning: delta.reasoningContent.text ?? '' } : undefined;
}

function terminalView(out: Output, { showReasoning, waiting }: ViewOptions): View {
  const stopSpinner = startSpinner(out, waiting);
  let answer: MarkdownStream | undefined;
  let reasoning: MarkdownStream | undefined;
  const endReasoning = () => {
    reasoning?.end();
    if (reasoning) out.write('\n');
    reasoning = undefined;
  };
  // Each draws in the lowest lines of the screen, so that there is one at a time.
  const endAnswer = () => {
    answer?.end();
    answer = undefined;
  };
  return {
    push(batch) {
      for (const event of batch) {
        const { text = '', reasoning: reasoned = '' } = piecesOf(event) ?? {};
        if (text !== '' || (reasoned !== '' && showReasoning)) stopSpinner();
        if (reasoned !== '' && showReasoning) {
          endAnswer();
          reasoning ??= new MarkdownStream(out, dim);
          reasoning.push(reasoned);
        }
        if (text === '') continue;
        endReasoning();
        answer ??= new MarkdownStream(out);
        answer.push(text);
      }
    },
    end() {
      stopSpinner();
      endReasoning();
      endAnswer();
    },
  };
}

/** The answer alone on standard output. On a terminal it is cleaned, for a program it is what the model has said. */
function plainView({ stdout, stderr, env }: Io, { showReasoning, waiting }: ViewOptions): View {
  const stopSpinner =
    env.TERM === 'dumb' ? () => {} : startSpinner(stderr, waiting, env.NO_COLOR ? String : dim);
  let last = '\n';
  let lastReasoned = '\n';
  const endReasoning = () => {
    if (lastReasoned !== '\n') stderr.write('\n');
    lastReasoned = '\n';
  };
  return {
    push(batch) {
      for (const event of batch) {
        const { text = '', reasoning = '' } = piecesOf(event) ?? {};
        if (text !== '' || reasoning !== '') stopSpinner();
        if (reasoning !== '' && showReasoning && stderr.isTTY) {
          stderr.write(cleanText(reasoning));
          lastReasoned = reasoning.at(-1) ?? lastReasoned;
        }
        if (text === '') continue;
        endReasoning();
        stdout.write(stdout.isTTY ? cleanText(text) : text);
        last = text.at(-1) ?? last;
      }
    },
    end() {
      stopSpinner();
      endReasoning();
      if (last !== '\n') stdout.write('\n');
      last = '\n';
    },
  };
}
