import { type Completer, createInterface, type Interface } from 'node:readline';
import type { Input, Output } from '../../io.ts';
import { MutedOutput } from './muted-output.ts';

export type Complete = (line: string) => Promise<[hits: string[], part: string]>;

export interface LineReaderOptions {
  stdin: Input;
  stdout: Output;
  prompt: string;
  /** Before each further line of a text of several. */
  continuation: string;
  complete: Complete;
  history: string[];
  /** Ctrl-C while nothing is read. */
  onInterrupt: () => void;
}

/** A terminal that marks what is pasted (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Bracketed-Paste-Mode). */
const pasteMode = { on: '\x1b[?2004h', off: '\x1b[?2004l' };

/**
 * Reads what a person types, by Node's line editor: editing, history and completion are its own. A text goes on after
 * a backslash at the end of a line, and over the line breaks of a paste. What is typed while nothing is read waits.
 */
export class LineReader {
  readonly #options: LineReaderOptions;
  readonly #output: MutedOutput;
  readonly #editor: Interface;
  readonly #waiting: string[] = [];
  #receive: ((line: string | undefined) => void) | undefined;
  #parts: string[] = [];
  #isPasting = false;
  #isHidden = false;
  #closed = false;
  /** Ctrl-C was the last key that did something: once more leaves. */
  #armed = false;

  constructor(options: LineReaderOptions) {
    this.#options = options;
    const { stdin, stdout, prompt, history } = options;
    this.#output = new MutedOutput(stdout);
    const completer = ((line, done) => {
      options.complete(line).then(
        (found) => done(null, found),
        () => done(null, [[], line]),
      );
    }) as (line: string, done: (error: null, found: [string[], string]) => void) => void;
    this.#editor = createInterface({
      input: stdin,
      output: this.#output,
      terminal: true,
      completer: completer as Completer,
      history,
      historySize: 1000,
      removeHistoryDuplicates: true,
      prompt,
    });
    stdout.write(pasteMode.on);
    this.#output.muted = true;
    stdin.on('keypress', this.#onKey);
    this.#editor.on('line', this.#onLine);
    this.#editor.on('SIGINT', this.#onInterrupt);
    this.#editor.on('close', () => {
      this.#closed = true;
      this.#receive?.(undefined);
    });
  }

  /** The next text; undefined: the person leaves. */
  async next(): Promise<string | undefined> {
    const { prompt, stdout } = this.#options;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      stdout.write(`${prompt}${waiting.replaceAll('\n', `\n${this.#options.continuation}`)}\n`);
      return waiting;
    }
    if (this.#closed) return undefined;
    this.#output.muted = false;
    this.#editor.setPrompt(prompt);
    this.#editor.prompt(true);
    const text = await this.#line();
    this.#output.muted = true;
    return text;
  }

  /** A line that is not shown and not remembered. */
  async hidden(question: string): Promise<string | undefined> {
    this.#options.stdout.write(question);
    // What was typed before the question is no answer to it.
    this.#emptyLine();
    this.#isHidden = true;
    const text = await this.#line();
    this.#isHidden = false;
    this.#options.stdout.write('\n');
    const { history } = this.#editor as unknown as { history?: string[] };
    if (text !== undefined && history?.[0] === text) history.shift();
    return text;
  }

  /** Ctrl-C has stopped something: once more leaves. */
  arm(): void {
    this.#armed = true;
  }

  close(): void {
    this.#options.stdin.off('keypress', this.#onKey);
    this.#options.stdout.write(pasteMode.off);
    this.#editor.close();
  }

  /** Ctrl-E, Ctrl-U: the editor's own way. */
  #emptyLine(): void {
    this.#editor.write(null, { ctrl: true, name: 'e' });
    this.#editor.write(null, { ctrl: true, name: 'u' });
  }

  #line(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#receive = (line) => {
        this.#receive = undefined;
        resolve(line);
      };
    });
  }

  readonly #onKey = (_text: string | undefined, key: { name?: string } | undefined) => {
    if (key?.name === 'paste-start') this.#isPasting = true;
    if (key?.name === 'paste-end') this.#isPasting = false;
  };

  readonly #onLine = (line: string) => {
    this.#armed = false;
    if (this.#isHidden) return this.#receive?.(line);
    const goesOn = !this.#isPasting && line.endsWith('\\');
    this.#parts.push(goesOn ? line.slice(0, -1) : line);
    if (goesOn || this.#isPasting) {
      this.#editor.setPrompt(this.#options.continuation);
      this.#editor.prompt();
      return;
    }
    const text = this.#parts.join('\n');
    this.#parts = [];
    if (this.#receive) this.#receive(text);
    else this.#waiting.push(text);
  };

  readonly #onInterrupt = () => {
    if (!this.#receive) {
      this.#waiting.length = 0;
      this.#options.onInterrupt();
      return;
    }
    if (this.#isHidden) return this.#receive(undefined);
    const isEmpty = this.#editor.line === '' && this.#parts.length === 0;
    if (isEmpty && this.#armed) {
      this.#options.stdout.write('\n');
      this.close();
      return;
    }
    this.#armed = true;
    this.#parts = [];
    // What was typed stays on the screen.
    this.#editor.write(null, { ctrl: true, name: 'e' });
    this.#output.muted = true;
    this.#emptyLine();
    this.#output.muted = false;
    this.#options.stdout.write(isEmpty ? '\n(Ctrl-C again leaves)\n' : '\n');
    this.#editor.setPrompt(this.#options.prompt);
    this.#editor.prompt();
  };
}
