import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultOfScript } from '../../../lambda/sandbox/smt-script.ts';

describe('a script that may be run', () => {
  test.each([
    '',
    '; only words',
    '(check-sat)',
    '(declare-const x Int)\n\t(assert (> x 1)) (check-sat)(get-value (x))',
    '(declare-datatypes ((A 0)) (((a (b Int)))))(define-funs-rec ((f ((x Int)) Int)) ((+ x 1)))',
    '(assert (! (= |a (b| #x0f #b01) :named n)) ; ) (include "x")',
    '(echo "a ""quoted"" ) (include")',
    '(maximize x)(minimize y)(assert-soft a :weight 2)(get-objectives)',
    '(push 1)(pop 1)(check-sat-assuming (p (not q)))(get-unsat-core)(get-model)(set-logic QF_LIA)',
    '(echo "é") ; é',
  ])('%s', (script) => {
    expect(faultOfScript(script)).toBeUndefined();
  });
});

describe('a script that may not', () => {
  test.each([
    ['(set-option :regular-output-channel "/tmp/x")', /`set-option` is not allowed. Allowed are assert, /],
    ['(include "/etc/passwd")', /`include` is not allowed/],
    ['(check-sat-using smt)', /not allowed/],
    ['(eval 1)', /not allowed/],
    ['(exit)', /not allowed/],
    ['(reset)', /not allowed/],
    ['(check-sat)(|set-option| :x y)', /not allowed/],
    ['(\n; include\nset-option :x y)', /`set-option` is not allowed/],
    ['((check-sat))', /`\(` is not allowed/],
    ['()', /`\)` is not allowed/],
    ['("check-sat")', /not allowed/],
    ['(ASSERT true)', /not allowed/],
    ['sat', /outside of any command/],
    ['(check-sat) "x"', /outside of any command/],
    ['(check-sat', /not closed/],
    ['(check-sat))', /not opened/],
    ['(echo "x)', /not closed/],
    ['(assert |x)', /not closed/],
    ['(assert é)', /cannot be read/],
    ['(assert\u00a0true)', /cannot be read/],
    ['(assert \u0000)', /cannot be read/],
    [`(assert ${'('.repeat(1001)}`, /within each other/],
    [`(echo "${'x'.repeat(33_000)}")`, /bytes; at most 32768/],
  ])('%s', (script, fault) => {
    expect(faultOfScript(script)).toMatch(fault);
  });
});

describe('a command that hides where Z3 reads otherwise than the standard says', () => {
  const hidden = '(include "/etc/passwd")';
  test.each([
    ['behind an escape in a quoted symbol', `(echo |a\\| b|)${hidden}(echo |c|  |d|)`],
    ['behind a comment of many lines', `(echo #| y |z|# "w")${hidden}(echo |c|)`],
    ['behind such a comment between commands', `#| y |z|# ${hidden} |w|`],
    ['in one', `#| (|# ${hidden} #|) |#`],
    ['behind an end of line that is none', `; x\r${hidden}\n(check-sat)`],
    ['behind one of the others', `; x\u2028" \n${hidden} ; "`],
    ['behind a text that looks closed', `(echo "a\\")${hidden}(echo "b")`],
  ])('%s', (_, script) => {
    expect(faultOfScript(script)).toBeDefined();
  });

  test('no mixture of the marks gets one through: what is accepted has commands of the list alone, read as Z3 does', () => {
    const part = fc.constantFrom(
      '"',
      '|',
      '\\',
      ';',
      '#',
      '#|',
      '|#',
      '\n',
      '\r',
      '(',
      ')',
      ' ',
      'a',
      '(echo ',
      hidden,
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 14 }).map((parts) => parts.join('')),
        (script) => {
          if (faultOfScript(script) === undefined) expect(commandsAsZ3Reads(script)).not.toContain('include');
        },
      ),
      { numRuns: 20_000 },
    );
  });

  /** Names behind each parenthesis that opens a command, by the rules of Z3's own scanner. */
  function commandsAsZ3Reads(script: string): string[] {
    const commands: string[] = [];
    let depth = 0;
    for (let at = 0; at < script.length; ) {
      const rest = script.slice(at);
      const [skipped = ''] =
        /^(?:;[^\n]*\n?|#\|.*?(?:\|#|$)|"(?:[^"]|"")*"?|\|(?:[^|\\]|\\.)*\|?)/s.exec(rest) ?? [];
      if (skipped === '') {
        if (rest.startsWith('(')) {
          depth += 1;
          if (depth === 1) commands.push(/^\(\s*([\w-]*)/.exec(rest)?.[1] ?? '');
        } else if (rest.startsWith(')')) depth -= 1;
      }
      at += Math.max(1, skipped.length);
    }
    return commands;
  }
});
