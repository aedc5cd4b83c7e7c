import { isStage } from '../../settings/techniques.ts';

/** A name in two: what asks for a technique, and the model. */
export interface Split {
  /** The expression as it was written, without the hyphen behind it. */
  head: string;
  /** May be empty. */
  rest: string;
}

/**
 * `moa-<model>`, `re2&bon(n=5)-<model>`: the head is what stands before the first hyphen outside of parentheses.
 * Undefined where the whole is a model's name. The head may have mistakes, but no name of Bedrock's looks like it.
 */
export function splitTechnique(name: string): Split | undefined {
  let depth = 0;
  let hyphen = -1;
  for (let i = 0; i < name.length; i += 1) {
    const character = name[i];
    // An ARN and `custom:<region>:…` are names, and no expression holds a colon.
    if (character === ':') break;
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === '-') {
      if (hyphen < 0) hyphen = i;
      if (depth <= 0) return splitAt(name, i);
    }
  }
  // A parenthesis that is never closed is a mistake, and is said to be one where the head is no model's.
  return depth > 0 && hyphen >= 0 ? splitAt(name, hyphen) : undefined;
}

function splitAt(name: string, hyphen: number): Split | undefined {
  const head = name.slice(0, hyphen).trim();
  return isHead(head) ? { head, rest: name.slice(hyphen + 1).trim() } : undefined;
}

/** One word is one only if it is a technique's; operators and a parenthesis at the beginning make it an expression. */
function isHead(head: string): boolean {
  if (/[&|]/.test(head) || head.startsWith('(')) return true;
  const word = head.split('(', 1)[0] ?? '';
  return isStage(word.trim());
}
