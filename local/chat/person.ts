import { askHidden } from '../ask-hidden.ts';
import type { Io } from '../io.ts';

/** Who sits at the terminal. A conversation has ways of its own to speak to them, and puts those here while it runs. */
export interface Person {
  /** Tells them something that is not the answer. */
  tell(text: string): void;
  /** Asks for a line that is not shown; undefined: there is nobody to ask, or they gave none. */
  ask(question: string): Promise<string | undefined>;
}

export const personAt = (io: Io): Person => ({
  tell: (text) => void io.stderr.write(`${text}\n`),
  ask: (question) => askHidden(question, io),
});
