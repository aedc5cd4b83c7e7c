import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitReasoning, TaggedReasoning } from '../../../../lambda/backends/chat/tagged-reasoning.ts';

/** Tags, beginnings of tags, and what is none. */
const piece = fc.constantFrom(
  '<reasoning>',
  '</reasoning>',
  '<reas',
  'oning>',
  '</',
  '<',
  '>',
  'a',
  ' b ',
  'é\n',
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

test('N05 wherever a text is cut, it is split alike, and nothing is lost but the tags', () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(20), { maxLength: 8 }), (whole, lengths) => {
      const splitting = new TaggedReasoning();
      let [reasoning, content, at] = ['', '', 0];
      const add = (split: { reasoning: string; content: string }) => {
        reasoning += split.reasoning;
        content += split.content;
      };
      for (const length of lengths) {
        add(splitting.push(whole.slice(at, at + length)));
        at += length;
      }
      add(splitting.push(whole.slice(at)));
      add(splitting.end());
      expect({ reasoning, content }).toEqual(splitReasoning(whole));
      const begins = whole.startsWith('<reasoning>');
      const rest = begins ? whole.slice('<reasoning>'.length) : whole;
      expect(reasoning + content).toBe(begins ? rest.replace('</reasoning>', '') : rest);
      if (!begins) expect(reasoning).toBe('');
    }),
    { numRuns: 2000 },
  );
});
