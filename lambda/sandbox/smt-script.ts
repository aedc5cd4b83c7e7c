/** UTF-8 bytes of a script. */
const maxBytes = 32 * 1024;
/** Parentheses within each other. */
const maxDepth = 1000;

/**
 * Commands that a script may have. None of them reads, writes or sets anything outside the solver; `set-option` and
 * `include` would, and `check-sat-using` runs tactics that heed no limit of time.
 */
const allowed = [
  'assert',
  'assert-soft',
  'check-sat',
  'check-sat-assuming',
  'declare-const',
  'declare-datatype',
  'declare-datatypes',
  'declare-fun',
  'declare-sort',
  'define-const',
  'define-fun',
  'define-fun-rec',
  'define-funs-rec',
  'define-sort',
  'echo',
  'get-model',
  'get-objectives',
  'get-unsat-core',
  'get-value',
  'maximize',
  'minimize',
  'pop',
  'push',
  'set-logic',
] as const;
const allowedSet: ReadonlySet<string> = new Set(allowed);

/**
 * Strings, quoted symbols and comments may hold parentheses; all else between blanks and parentheses is a word. Where Z3's
 * own reader knows more than the standard (https://smt-lib.org/language.shtml, section 3.1), a command could hide from
 * this one: an escape in a quoted symbol, a comment between #| and |#, an end of line that is none. None is a token here.
 */
const token = /"(?:[^"]|"")*"|(?<!#)\|[^|\\]*\||;[^\n\r]*|[()]|[!#-':*-:<-{}~]+/y;
const blank = /[ \t\n]*/y;

/**
 * What is wrong with an SMT-LIB 2 script before any solver sees it, in words for its author; undefined: nothing. Lines must
 * end with a line feed alone. Linear.
 */
export function faultOfScript(script: string): string | undefined {
  const bytes = Buffer.byteLength(script);
  if (bytes > maxBytes) return `The script has ${bytes} bytes; at most ${maxBytes} are taken.`;
  let depth = 0;
  let isCommand = false;
  for (let at = skip(blank, script, 0); at < script.length; ) {
    const end = skip(token, script, at);
    const text = script.slice(at, end);
    at = skip(blank, script, end);
    if (text === '') return notRead(script.slice(end, end + 40));
    if (text.startsWith(';')) continue;
    if (isCommand && !allowedSet.has(text)) return notAllowed(text);
    isCommand = text === '(' && depth === 0;
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
    else if (depth === 0) return `\`${text.slice(0, 60)}\` stands outside of any command.`;
    if (depth < 0) return 'A parenthesis is closed that was not opened.';
    if (depth > maxDepth) return `More than ${maxDepth} parentheses stand within each other.`;
  }
  return depth > 0 ? 'A parenthesis is not closed.' : undefined;
}

/** Where what the pattern finds at a place ends; the place itself where it finds nothing. */
function skip(pattern: RegExp, script: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(script) ? pattern.lastIndex : at;
}

const notRead = (rest: string): string =>
  `This cannot be read: ${JSON.stringify(rest)}. A string or a quoted symbol is not closed, or the characters do not belong there.`;

const notAllowed = (command: string): string =>
  `The command \`${command.slice(0, 60)}\` is not allowed. Allowed are ${allowed.join(', ')}.`;
