import { describe, expect, test } from 'vitest';
import type { ContentBlock, Message } from '../../../lambda/canonical/types.ts';
import { GatewayError } from '../../../lambda/errors.ts';
import { optimise } from '../../../lambda/techniques/optimise.ts';
import type { Services } from '../../../lambda/techniques/types.ts';
import { requestContext } from '../../support/context.ts';
import { type Asking, optimising } from '../../support/optimising.ts';
import { type Said, type SeenCall, scriptedEngine } from '../../support/scripted-engine.ts';

/** Runs a technique; what its calls were told, by step. */
async function played(
  optimisation: unknown,
  content: ContentBlock[] | Message[],
  say: (call: SeenCall, nth: number) => Said = () => 'said',
  { contextTokens, ...asking }: Partial<Asking> & { contextTokens?: number } = {},
) {
  const scripted = scriptedEngine(say);
  const turns = content.filter((each): each is Message => 'role' in each);
  const messages = turns.length > 0 ? turns : [{ role: 'user' as const, content: content as ContentBlock[] }];
  const options = await optimising({ optimisation, converse: { messages }, ...asking }, scripted);
  const steps = contextTokens ? [{ model: 'm', region: 'us-east-1', contextTokens }] : [];
  const plan = { ...options.plan, steps };
  const { warnings } = await optimise({ ...options, plan });
  const told = (step: string) =>
    scripted.calls.filter((call) => call.step === step).map(({ request }) => request.converse.messages);
  return { warnings: [...warnings], told, steps: scripted.calls.map(({ step }) => step) };
}

const textIn = (messages: readonly Message[] | undefined) =>
  (messages ?? [])
    .flatMap(({ content }) => content)
    .map((block) => ('text' in block ? block.text : ''))
    .join('\n');

describe('memory', () => {
  const memory = (above: number, more: object = {}) => ({
    technique: 'memory',
    params: { memory: { above, chunk: 1000 } },
    ...more,
  });
  const sea = 'Much was said of the sea. '.repeat(400).trim();
  const image: ContentBlock = { image: { format: 'png', source: { bytes: 'AAAA' } } };
  const note = ({ step }: SeenCall) => (step === 'memory/note' ? 'A NOTE' : 'said');

  test.each<[string, ContentBlock[], string]>([
    ['behind its last mark', [{ text: `Query: old?\n${sea}\nQuestion: who?` }], 'Question: who?'],
    ['the last of several texts', [{ text: sea }, { text: 'Who\n\nis it?' }], 'Who\n\nis it?'],
    ['the last paragraph', [{ text: `${sea}\n\nWho is it?\n` }], 'Who is it?'],
    ['the last paragraph of a text from Windows', [{ text: `${sea}\r\n\r\nWho is it?\r\n` }], 'Who is it?'],
    [
      'behind a mark, as one paragraph before a long text',
      [{ text: `Question: who?\n\n${sea}` }],
      'Question: who?',
    ],
  ])('the question is what stands %s, and it is asked of each part', async (_, content, question) => {
    const { told } = await played(memory(100), [...content, image], note);
    expect(told('memory/note').length).toBeGreaterThan(1);
    for (const each of told('memory/note')) expect(textIn(each).endsWith(`\n\n${question}`)).toBe(true);
    const [answer] = told('memory/answer');
    expect(answer?.[0]?.content[0]).toEqual(image);
    expect(textIn(answer).endsWith(`\n\n${question}`)).toBe(true);
    expect(textIn(answer)).toContain('A NOTE');
    expect(textIn(answer)).not.toContain('the sea');
  });

  test.each([
    ['behind a line that asks', 'Summarise this.\n\n'],
    ['alone', ''],
  ])('all of a long last paragraph is read, %s', async (_, before) => {
    const words = Array.from({ length: 2000 }, (__, i) => `word-${i}`);
    const { told } = await played(memory(100), [{ text: before + words.join(' ') }], note);
    const read = told('memory/note').map(textIn).join('\n');
    // A word may be cut where a part ends.
    expect(words.filter((word) => !read.includes(word)).length).toBeLessThanOrEqual(1);
  });

  test.each<[string, ContentBlock[], string]>([
    ['the first of several texts', [{ text: 'Who is it?' }, { text: `${sea}\n\n${sea}` }], 'Who is it?'],
    ['behind a mark', [{ text: `${sea}\n\nQuestion: ${sea}. Who is it?` }], 'Who is it?'],
    ['the last of several texts', [{ text: sea }, { text: `${sea} Who is it?` }], 'Who is it?'],
  ])('what is too long for a question is read like the rest: %s', async (_, content, question) => {
    const { told } = await played(memory(100), content, note);
    expect(told('memory/note').length).toBeGreaterThan(1);
    // A part of 4,000 bytes, a question of 2,000 characters at most, beside a short one, and what is asked.
    for (const each of told('memory/note')) {
      expect(textIn(each)).toContain(question);
      expect(textIn(each).length).toBeLessThan(7000);
    }
    expect(textIn(told('memory/answer')[0]).length).toBeLessThan(5000);
  });

  test('no character is cut in two', async () => {
    for (const text of ['😀'.repeat(3000), `${'😀'.repeat(3000)}a`]) {
      const { told } = await played(memory(100), [{ text }], note);
      expect(told('memory/note').length).toBeGreaterThan(0);
      for (const each of told('memory/note')) expect(textIn(each).isWellFormed()).toBe(true);
    }
  });

  test.each<[string, Asking['optimisation'], Message[]]>([
    ['a short conversation', memory(32_000), [{ role: 'user', content: [{ text: `${sea}\n\nWho?` }] }]],
    [
      'without limits of its own, one below the usual',
      'memory',
      [{ role: 'user', content: [{ text: `${sea}\n\nWho?` }] }],
    ],
    [
      'a question alone',
      memory(10),
      [
        {
          role: 'user',
          content: [{ text: 'Who was it that kept the light all the years through? '.repeat(20) }],
        },
      ],
    ],
    [
      'a question behind its mark alone',
      memory(100),
      [{ role: 'user', content: [{ text: `Question: ${sea}` }] }],
    ],
    [
      'a turn of what tools have returned',
      memory(100),
      [
        { role: 'user', content: [{ text: 'Look.' }] },
        { role: 'assistant', content: [{ toolUse: { toolUseId: 't', name: 'f', input: {} } }] },
        { role: 'user', content: [{ toolResult: { toolUseId: 't', content: [{ text: sea }] } }] },
      ],
    ],
  ])('%s goes out as it is', async (_, optimisation, messages) => {
    const { told, steps } = await played(optimisation, messages, note);
    expect(steps).toEqual(['memory/answer']);
    expect(told('memory/answer')).toEqual([messages]);
  });

  test.each([
    [4000, 1],
    [8000, 0],
  ])(
    'what is too long for half of a window of %i tokens is read in %i parts',
    async (contextTokens, parts) => {
      const { told } = await played('memory', [{ text: `${sea}\n\nWho?` }], note, { contextTokens });
      expect(told('memory/note')).toHaveLength(parts);
    },
  );

  test('with too few calls the parts that fit best are read, in their order', async () => {
    const parts = [
      `Lighthouse one. ${sea.slice(0, 3500)}`,
      sea.slice(0, 3500),
      `Lighthouse two. ${sea.slice(0, 3500)}`,
    ];
    const text = [...parts, 'Which lighthouse?'].join('\n\n');
    const { told, warnings } = await played(memory(100, { max_calls: 3 }), [{ text }], note);
    const read = told('memory/note').map(textIn);
    expect(read.map((each) => /Lighthouse (?:one|two)/.exec(each)?.[0])).toEqual([
      'Lighthouse one',
      'Lighthouse two',
    ]);
    expect(warnings).toEqual([expect.stringMatching(/^memory: 2 of 3 parts are read/)]);
    const answer = textIn(told('memory/answer')[0]);
    expect([...answer.matchAll(/<note-\w+ (\d)>/g)].map(([, place]) => place)).toEqual(['1', '3']);
  });

  test('with no call but the answer the text goes out as it is', async () => {
    const text = `${sea}\n\nWho?`;
    const { told, steps } = await played(memory(100, { max_calls: 1 }), [{ text }], note);
    expect(steps).toEqual(['memory/answer']);
    expect(textIn(told('memory/answer')[0])).toBe(text);
  });

  test.each(['NONE', 'none.', 'No', 'NO#nothing', ''])(
    'where each part says "%s" the answer is told that nothing was found',
    async (reply) => {
      const say = ({ step }: SeenCall) => (step === 'memory/note' ? reply : 'said');
      const { told } = await played(memory(100), [{ text: `${sea}\n\nWho?` }], say);
      const answer = textIn(told('memory/answer')[0]);
      expect(answer).toMatch(/nothing in it was found to matter for this question\.\n\nWho\?$/);
    },
  );

  test('a part whose call fails is missing, with a warning', async () => {
    const say = ({ step }: SeenCall, nth: number): Said => {
      if (step !== 'memory/note') return 'said';
      return nth === 0 ? { error: 'throttled' } : 'YES#A NOTE';
    };
    const { told, warnings } = await played(memory(100), [{ text: `${sea}\n\nWho?` }], say);
    expect(warnings).toEqual([
      expect.stringMatching(/^memory: 1 of \d+ parts of the text came to nothing \(throttled\)$/),
    ]);
    expect(textIn(told('memory/answer')[0])).toContain('\nA NOTE\n');
  });
});

describe('readurls', () => {
  type Page = { text: string } | { refused: string };
  /** What is read; a page may take its time. */
  function web(page: (url: string, signal: AbortSignal) => Page | Promise<Page>) {
    const read: string[] = [];
    const services: Services = {
      readPage: async () => async (url, signal) => {
        read.push(url);
        return page(url, signal);
      },
    };
    return { read, services };
  }
  const hang = (_: string, signal: AbortSignal) =>
    new Promise<never>((__, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const one = 'https://pages.example/a?key=secret#part';

  test('a password in a URL stands in no warning and in nothing that is added', async () => {
    const { services } = web((url) =>
      url.includes('b.example') ? { text: 'A PAGE' } : { refused: 'it is not there' },
    );
    const text = 'See https://bob:pass@a.example/x?k=1, https://pass@b.example/@me and https://c.example/@x';
    const { told, warnings } = await played('readurls', [{ text }], undefined, { services });
    expect(warnings).toEqual([
      'readurls: https://a.example/x could not be read: it is not there',
      'readurls: https://c.example/@x could not be read: it is not there',
    ]);
    const [[turn] = []] = told('readurls/answer');
    expect(textIn(turn && [{ ...turn, content: turn.content.slice(1) }])).not.toContain('pass');
  });

  test('a page stands between marks behind the message, which is not changed', async () => {
    const { read, services } = web(() => ({ text: 'A PAGE' }));
    const { told, warnings } = await played('readurls', [{ text: `See ${one}.` }], undefined, { services });
    expect(read).toEqual([one]);
    const [[turn] = []] = told('readurls/answer');
    expect(turn?.content[0]).toEqual({ text: `See ${one}.` });
    expect(textIn(turn && [turn])).toContain(
      'https://pages.example/a\n<page-80000000>\nA PAGE\n</page-80000000>',
    );
    expect(warnings).toEqual([]);
  });

  test('of a very long page the beginning is read', async () => {
    const { services } = web(() => ({ text: `${'a'.repeat(100_000)}b` }));
    const { told } = await played('readurls', [{ text: one }], undefined, { services });
    expect(textIn(told('readurls/answer')[0])).toContain(`${'a'.repeat(100_000)}\n</page`);
  });

  test('no character of it is cut in two', async () => {
    const { services } = web(() => ({ text: `a${'😀'.repeat(60_000)}` }));
    const { told } = await played('readurls', [{ text: one }], undefined, { services });
    expect(textIn(told('readurls/answer')[0]).isWellFormed()).toBe(true);
  });

  test('five pages are read, each once, and what is left out is told', async () => {
    const { read, services } = web(() => ({ text: 'A PAGE' }));
    const urls = [0, 1, 1, 2, 3, 4, 5].map((i) => `https://pages.example/${i}`);
    const { warnings } = await played('readurls', [{ text: urls.join(' ') }], undefined, { services });
    expect(read).toEqual([0, 1, 2, 3, 4].map((i) => `https://pages.example/${i}`));
    expect(warnings).toEqual(['readurls: 5 of 6 pages are read']);
  });

  test.each<[string, Message[]]>([
    ['no address', [{ role: 'user', content: [{ text: 'What is that?' }] }]],
    [
      'addresses in earlier turns alone',
      [
        { role: 'user', content: [{ text: one }] },
        { role: 'assistant', content: [{ text: one }] },
        { role: 'user', content: [{ text: 'And?' }] },
      ],
    ],
  ])('%s: nothing is read, and the conversation goes out as it is', async (_, messages) => {
    const { read, services } = web(() => ({ text: 'A PAGE' }));
    const { told } = await played('readurls', messages, undefined, { services });
    expect({ read, told: told('readurls/answer') }).toEqual({ read: [], told: [messages] });
  });

  test.each<[string, (url: string, signal: AbortSignal) => Page | Promise<Page>, string]>([
    ['refused', () => ({ refused: 'it is of a private network' }), 'it is of a private network'],
    ['too slow', hang, 'it took too long'],
  ])(
    'a page that is %s is mentioned, without what its address says behind the path',
    async (_, page, reason) => {
      const { services } = web(page);
      const context = requestContext({ deadline: 50 });
      const { told, warnings } = await played('readurls', [{ text: one }], undefined, { services, context });
      expect(warnings).toEqual([`readurls: https://pages.example/a could not be read: ${reason}`]);
      const [[turn] = []] = told('readurls/answer');
      const last = turn?.content.at(-1);
      expect(textIn(last && [{ role: 'user', content: [last] }])).toMatch(
        new RegExp(`https://pages\\.example/a\nThis page could not be read: ${reason}\\.$`),
      );
    },
  );

  test('the client goes while a page is read: nothing is answered', async () => {
    const leaving = new AbortController();
    const gone = new GatewayError({ status: 499, reason: 'aborted', message: 'gone' });
    const { services } = web((url, signal) => {
      setTimeout(() => leaving.abort(gone), 5);
      return hang(url, signal);
    });
    const context = requestContext({ deadline: 60_000, signal: leaving.signal });
    const asked = played('readurls', [{ text: one }], undefined, { services, context });
    await expect(asked).rejects.toMatchObject({ reason: 'aborted' });
  });
});
