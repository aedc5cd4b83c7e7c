import { describe, expect, test } from 'vitest';
import { fold } from '../../../lambda/canonical/fold.ts';
import type { CanonicalRequest, Intent } from '../../../lambda/canonical/request.ts';
import type {
  Citation,
  ContentBlock,
  ConverseEvent,
  ConverseRequest,
  Delta,
  StopReason,
} from '../../../lambda/canonical/types.ts';
import { unfold } from '../../../lambda/canonical/unfold.ts';
import { loadTechnique } from '../../../lambda/techniques/load.ts';
import type { CallClass, Calls, InnerCall, Services, Wrapper } from '../../../lambda/techniques/types.ts';
import { answerOf } from '../../support/scripted-engine.ts';

const mail = 'bob@example.org';
const other = 'ann@example.org';
const hiddenMail = '<EMAIL_0>';

const callOf = (kind: CallClass): InnerCall => ({ role: 'answer', class: kind, messages: [] });
const call = callOf('answer');

async function wrapperOf(name: 'privacy' | 'cot_reflection', converse: Partial<ConverseRequest> = {}) {
  const technique = await loadTechnique(name);
  if (technique.kind !== 'wrapper') throw new Error(`${name} is no wrapper`);
  const { messages = [], system = [], promptVariables = {} } = converse;
  const variables = Object.values(promptVariables).map(({ text }) => text);
  // Neither makes calls of its own.
  return technique.run({ messages, system }, {}, { wants: { variables }, services: {} } as unknown as Calls);
}

const sent = (wrapper: Wrapper, converse: Partial<ConverseRequest>, kind: CallClass = 'answer') =>
  // Where nobody has to be asked it is there at once.
  wrapper.outgoing(
    { model: 'm', converse: { messages: [], ...converse }, intent: {} },
    callOf(kind),
  ) as CanonicalRequest;

/** What becomes of the blocks of an answer. */
function received(wrapper: Wrapper, content: ContentBlock[], kind: CallClass = 'answer'): ContentBlock[] {
  const answer = { ...answerOf(''), output: { message: { role: 'assistant' as const, content } } };
  return wrapper.incoming(answer, callOf(kind)).output.message.content;
}

const delta = (contentBlockIndex: number, each: Delta): ConverseEvent => ({
  contentBlockDelta: { contentBlockIndex, delta: each },
});
const stop = (contentBlockIndex: number): ConverseEvent => ({ contentBlockStop: { contentBlockIndex } });
const end = (stopReason: StopReason = 'end_turn'): ConverseEvent => ({ messageStop: { stopReason } });

/** The events of a stream, each in a batch of its own. */
function streamed(wrapper: Wrapper, events: ConverseEvent[], kind: CallClass = 'answer'): ConverseEvent[] {
  const take = wrapper.events(callOf(kind));
  return events.flatMap((event) => take([event]));
}

describe('privacy', () => {
  /** One that has hidden the address. */
  async function knowing() {
    const messages = [{ role: 'user' as const, content: [{ text: mail }] }];
    const wrapper = await wrapperOf('privacy', { messages });
    sent(wrapper, { messages });
    return wrapper;
  }

  const reasoning = (text: string, signature?: string): ContentBlock => ({
    reasoningContent: { reasoningText: { text, ...(signature && { signature }) } },
  });
  const used = (input: { [key: string]: string }): ContentBlock => ({
    toolUse: { toolUseId: 't', name: 'send', input },
  });

  test.each<[string, ContentBlock, ContentBlock[]]>([
    ['a text', { text: `To ${mail}` }, [{ text: `To ${hiddenMail}` }]],
    ['what a tool takes', used({ to: mail }), [used({ to: hiddenMail })]],
    ['a member of it with the name of a mark', used({ name: mail }), [used({ name: hiddenMail })]],
    ['the name of a member of it', used({ [mail]: 'yes' }), [used({ [hiddenMail]: 'yes' })]],
    [
      'what a tool returns',
      { toolResult: { toolUseId: 't', content: [{ json: { type: [mail, 1, null] } }, { text: mail }] } },
      [
        {
          toolResult: {
            toolUseId: 't',
            content: [{ json: { type: [hiddenMail, 1, null] } }, { text: hiddenMail }],
          },
        },
      ],
    ],
    ['reasoning without a signature', reasoning(mail), [reasoning(hiddenMail)]],
    ['signed reasoning with something to hide: it is left out', reasoning(mail, 's'), []],
    ['other signed reasoning: it stays', reasoning('Hm.', 's'), [reasoning('Hm.', 's')]],
    [
      'the bytes of an image: they are not looked into',
      { image: { format: 'png', source: { bytes: '4111111111111111' } } },
      [{ image: { format: 'png', source: { bytes: '4111111111111111' } } }],
    ],
    [
      'a text for a guardrail',
      { guardContent: { text: { text: mail } } },
      [{ guardContent: { text: { text: hiddenMail } } }],
    ],
  ])('hides in the conversation: %s', async (_, block, expected) => {
    const wrapper = await wrapperOf('privacy');
    const { converse } = sent(wrapper, { messages: [{ role: 'user', content: [block] }] });
    expect(converse.messages).toEqual([{ role: 'user', content: expected }]);
  });

  test.each(['customer', 'name', 'type', 'input'])(
    'hides in a variable of a prompt that is called %s, whose name stays',
    async (name) => {
      const { converse } = sent(await wrapperOf('privacy'), { promptVariables: { [name]: { text: mail } } });
      expect(converse.promptVariables).toEqual({ [name]: { text: hiddenMail } });
    },
  );

  test('where nothing is hidden nothing is said of it, nor are there variables where there were none', async () => {
    const { converse } = sent(await wrapperOf('privacy'), { system: [{ text: 'Be brief.' }] });
    expect(converse).toEqual({ messages: [], system: [{ text: 'Be brief.' }] });
  });

  test('a turn that is sent again reads the same, and another value has another placeholder', async () => {
    const wrapper = await wrapperOf('privacy');
    const turn = { role: 'user' as const, content: [{ text: `${mail} and ${other}` }] };
    const [first, second] = [sent(wrapper, { messages: [turn] }), sent(wrapper, { messages: [turn, turn] })];
    expect(first.converse.messages[0]?.content).toEqual([{ text: '<EMAIL_0> and <EMAIL_1>' }]);
    expect(second.converse.messages[1]).toEqual(first.converse.messages[0]);
  });

  test('what somebody has written in the form of a placeholder stands for nothing', async () => {
    const messages = [{ role: 'user' as const, content: [{ text: `What is ${hiddenMail}? Ask ${mail}` }] }];
    const wrapper = await wrapperOf('privacy', { messages });
    const { converse } = sent(wrapper, { messages });
    expect(converse.messages[0]?.content).toEqual([{ text: `What is ${hiddenMail}? Ask <EMAIL_1>` }]);
    const said = received(wrapper, [{ text: `${hiddenMail}, <EMAIL_1>` }]);
    expect(said).toEqual([{ text: `${hiddenMail}, ${mail}` }]);
  });

  test.each([hiddenMail, '&lt;EMAIL_0&gt;', '<email_0>', String.raw`<EMAIL\_0>`, '<EMAIL_00>'])(
    'so it is in any spelling that would be restored, and in a variable of a prompt: %s',
    async (written) => {
      for (const converse of [
        { messages: [{ role: 'user' as const, content: [{ text: `${mail} is not ${written}` }] }] },
        { system: [{ text: mail }], promptVariables: { who: { text: written } } },
      ]) {
        const wrapper = await wrapperOf('privacy', converse);
        const request = JSON.stringify(sent(wrapper, converse));
        expect(request).toContain('<EMAIL_1>');
        expect(received(wrapper, [{ text: `${written} <EMAIL_1>` }])).toEqual([
          { text: `${written} ${mail}` },
        ]);
      }
    },
  );

  test('what a model or a page has written like one never comes to stand for something', async () => {
    const wrapper = await wrapperOf('privacy');
    const turn = (text: string) => ({ messages: [{ role: 'user' as const, content: [{ text }] }] });
    sent(wrapper, turn('The page says <EMAIL_0>.'));
    expect(sent(wrapper, turn(mail)).converse.messages[0]?.content).toEqual([{ text: '<EMAIL_1>' }]);
    expect(received(wrapper, [{ text: hiddenMail }])).toEqual([{ text: hiddenMail }]);
  });

  test.each<[string, ContentBlock, ContentBlock]>([
    ['a text', { text: hiddenMail }, { text: mail }],
    ['what a tool takes, by any name', used({ name: hiddenMail }), used({ name: mail })],
    ['the name of a member of it', used({ [hiddenMail]: 'yes' }), used({ [mail]: 'yes' })],
    ['reasoning, which is not signed any more', reasoning(hiddenMail, 's'), reasoning(mail)],
    ['other reasoning, which is', reasoning('Hm.', 's'), reasoning('Hm.', 's')],
    [
      'reasoning that nobody can read, as it is',
      { reasoningContent: { redactedContent: 'AAAA' } },
      { reasoningContent: { redactedContent: 'AAAA' } },
    ],
    [
      'a citation',
      { citationsContent: { citations: [{ title: 't', sourceContent: [{ text: hiddenMail }] }] } },
      { citationsContent: { citations: [{ title: 't', sourceContent: [{ text: mail }] }] } },
    ],
  ])('restores in an answer: %s', async (_, block, expected) => {
    expect(received(await knowing(), [block])).toEqual([expected]);
  });

  const tool = (input: string): Delta => ({ toolUse: { input } });
  const thought = (text: string): Delta => ({ reasoningContent: { text } });
  const signed: Delta = { reasoningContent: { signature: 's' } };

  test.each<[string, ConverseEvent[], ConverseEvent[]]>([
    [
      'a text that is cut within a placeholder',
      [delta(0, { text: 'To <EMA' }), delta(0, { text: 'IL_0>.' }), stop(0)],
      [delta(0, { text: 'To ' }), delta(0, { text: `${mail}.` }), stop(0)],
    ],
    [
      'what only looks like the beginning of one, with the end of its block',
      [delta(0, { text: '1 <' }), stop(0), end()],
      [delta(0, { text: '1 ' }), delta(0, { text: '<' }), stop(0), end()],
    ],
    [
      'or with the end of the message',
      [delta(0, { text: '<EM' }), end()],
      [delta(0, { text: '<EM' }), end()],
    ],
    [
      'what a tool takes, each block for itself',
      [delta(0, tool('{"to":"<')), delta(1, { text: 'Hm.' }), delta(0, tool('EMAIL_0>"}')), stop(0)],
      [delta(0, tool('{"to":"')), delta(1, { text: 'Hm.' }), delta(0, tool(`${mail}"}`)), stop(0)],
    ],
    [
      'reasoning, whose signature is left out',
      [delta(0, thought(hiddenMail)), delta(0, signed), stop(0)],
      [delta(0, thought(mail)), stop(0)],
    ],
    [
      'other reasoning, all of which stands before its signature',
      [delta(0, thought('1 <')), delta(0, signed), stop(0)],
      [delta(0, thought('1 ')), delta(0, thought('<')), delta(0, signed), stop(0)],
    ],
    [
      'reasoning and its signature in one',
      [delta(0, { reasoningContent: { text: 'Hm.', signature: 's' } }), stop(0)],
      [delta(0, thought('Hm.')), delta(0, signed), stop(0)],
    ],
    [
      'a citation',
      [delta(0, { citation: { title: 't', sourceContent: [{ text: hiddenMail }] } })],
      [delta(0, { citation: { title: 't', sourceContent: [{ text: mail }] } })],
    ],
    [
      'all else, as it is',
      [{ messageStart: { role: 'assistant' } }, delta(0, { image: { source: { bytes: 'AAAA' } } })],
      [{ messageStart: { role: 'assistant' } }, delta(0, { image: { source: { bytes: 'AAAA' } } })],
    ],
  ])('restores in a stream: %s', async (_, events, expected) => {
    expect(streamed(await knowing(), events)).toEqual(expected);
  });
});

describe('privacy of a value that JSON writes otherwise', () => {
  const address = '12 "Old" Street\nSpringfield';
  const turn = { role: 'user' as const, content: [{ text: `To ${address}.` }] };
  const asking = { ...call };

  /** One that has hidden the address in a request for an answer in words, or in JSON. */
  async function knowing(intent: Intent) {
    const technique = await loadTechnique('privacy');
    if (technique.kind !== 'wrapper') throw new Error('no wrapper');
    const services: Services = {
      personalData: async () => async () => [{ kind: 'ADDRESS', value: address }],
    };
    const inTime: Calls['inTime'] = (work) => work(new AbortController().signal);
    const calls = { wants: { variables: [] }, services, inTime } as unknown as Calls;
    const wrapper = await technique.run({ messages: [turn], system: [] }, {}, calls);
    const request = await wrapper.outgoing({ model: 'm', converse: { messages: [turn] }, intent }, asking);
    expect(request.converse.messages[0]?.content).toEqual([{ text: 'To <ADDRESS_0>.' }]);
    return wrapper;
  }

  const json: Intent = { outputFormat: { type: 'json_object' } };
  const written = '{"to":"<ADDRESS_0>"}';
  const textIn = (wrapper: Wrapper, text: string) => {
    const answer = {
      ...answerOf(''),
      output: { message: { role: 'assistant' as const, content: [{ text }] } },
    };
    const [block] = wrapper.incoming(answer, asking).output.message.content;
    return block && 'text' in block ? block.text : '';
  };
  const streamedIn = (wrapper: Wrapper, deltas: Delta[]) => {
    const take = wrapper.events(asking);
    const events = [...deltas.map((each) => delta(0, each)), stop(0), end()].flatMap((event) =>
      take([event]),
    );
    return events
      .map((event) => {
        if (!('contentBlockDelta' in event)) return '';
        const { delta: each } = event.contentBlockDelta;
        return 'text' in each ? each.text : 'toolUse' in each ? each.toolUse.input : '';
      })
      .join('');
  };

  test('an answer in JSON stays JSON, whole and streamed', async () => {
    const wrapper = await knowing(json);
    expect(JSON.parse(textIn(wrapper, written))).toEqual({ to: address });
    expect(JSON.parse(streamedIn(wrapper, [{ text: written }]))).toEqual({ to: address });
  });

  test('what a tool takes stays JSON where it is streamed', async () => {
    const said = streamedIn(await knowing({}), [{ toolUse: { input: written } }]);
    expect(JSON.parse(said)).toEqual({ to: address });
  });

  test('in words it is the value itself, unless it is written as only JSON writes it', async () => {
    const wrapper = await knowing({});
    expect(textIn(wrapper, 'To <ADDRESS_0>.')).toBe(`To ${address}.`);
    expect(streamedIn(wrapper, [{ text: 'To <ADDRESS_0>.' }])).toBe(`To ${address}.`);
    const escaped = String.raw`{"to":"\u003cADDRESS_0\u003e"}`;
    expect(JSON.parse(textIn(wrapper, escaped))).toEqual({ to: address });
  });
});

describe('cot_reflection', () => {
  const thinking = (text: string): ContentBlock => ({ reasoningContent: { reasoningText: { text } } });
  const thought = (text: string): Delta => ({ reasoningContent: { text } });

  test.each<[CallClass, boolean]>([
    ['answer', true],
    ['sample', true],
    ['work', false],
    ['judge', false],
  ])('a call of the class %s is asked for tags, and read for them: %s', async (kind, isAsked) => {
    const wrapper = await wrapperOf('cot_reflection');
    const text = '<thinking>t</thinking><output>o</output>';
    const system = JSON.stringify(sent(wrapper, {}, kind).converse.system ?? []);
    expect(system.includes('<thinking>')).toBe(isAsked);
    expect(received(wrapper, [{ text }], kind)).toEqual(
      isAsked ? [thinking('t'), { text: 'o' }] : [{ text }],
    );
    const events = [delta(0, { text }), stop(0), end()];
    const apart = [delta(0, thought('t')), stop(0), delta(1, { text: 'o' }), stop(1), end()];
    expect(streamed(wrapper, events, kind)).toEqual(isAsked ? apart : events);
  });

  test.each<[CallClass, number | undefined, number | undefined, boolean | undefined]>([
    ['answer', undefined, 0.6, true],
    ['answer', 0.2, 0.2, undefined],
    ['sample', undefined, undefined, undefined],
  ])('%s with the temperature %s goes out with %s; as a wish: %s', async (kind, own, expected, isHint) => {
    const inferenceConfig = { maxTokens: 9, ...(own !== undefined && { temperature: own }) };
    const { converse, intent } = sent(await wrapperOf('cot_reflection'), { inferenceConfig }, kind);
    expect(converse.inferenceConfig?.maxTokens).toBe(9);
    expect(converse.inferenceConfig?.temperature).toBe(expected);
    expect(intent.temperatureIsHint).toBe(isHint);
  });

  test.each<[string, ContentBlock[], ContentBlock[]]>([
    [
      'the model’s own reasoning comes first, without its signature',
      [
        { reasoningContent: { reasoningText: { text: 'own ', signature: 's' } } },
        { text: '<thinking>t</thinking><output>o</output>' },
      ],
      [thinking('own t'), { text: 'o' }],
    ],
    [
      'reasoning that nobody can read is left out',
      [{ reasoningContent: { redactedContent: 'AAAA' } }, { text: 'o' }],
      [{ text: 'o' }],
    ],
    [
      'tags that go on in another block',
      [{ text: '<thinking>t</thin' }, { text: 'king>o' }],
      [thinking('t'), { text: 'o' }],
    ],
    [
      'a call of a tool stays',
      [{ toolUse: { toolUseId: 't', name: 'f', input: {} } }],
      [{ toolUse: { toolUseId: 't', name: 'f', input: {} } }],
    ],
    ['nothing at all', [], []],
  ])('an answer: %s', async (_, content, expected) => {
    expect(received(await wrapperOf('cot_reflection'), content)).toEqual(expected);
  });

  const blue: Citation = { title: 't', sourceContent: [{ text: 'blue' }] };
  const cited = (text: string): ContentBlock => ({
    citationsContent: { content: [{ text }], citations: [blue] },
  });
  const searched: ContentBlock = { toolUse: { toolUseId: 's', name: 'search', input: { q: 'sky' } } };

  test.each<[string, ContentBlock[], ContentBlock[]]>([
    [
      'an answer that cites keeps its order and its citations',
      [{ text: '<thinking>t</thinking><output>The sky ' }, cited('is blue'), { text: '.</output>' }],
      [thinking('t'), cited('The sky is blue.')],
    ],
    ['so does one without tags', [cited('It is blue'), { text: '.' }], [cited('It is blue.')]],
    [
      'what the thinking cites is no citation of the answer',
      [{ text: '<thinking>it ' }, cited('is blue'), { text: '</thinking><output>Blue.</output>' }],
      [thinking('it is blue'), { text: 'Blue.' }],
    ],
    [
      'what is neither thinking nor text is kept, behind both',
      [{ text: '<thinking>t</thinking>' }, searched, { text: '<output>Blue.</output>' }],
      [thinking('t'), { text: 'Blue.' }, searched],
    ],
  ])('whole and streamed alike: %s', async (_, content, expected) => {
    const wrapper = await wrapperOf('cot_reflection');
    const answer = { ...answerOf(''), output: { message: { role: 'assistant' as const, content } } };
    expect(wrapper.incoming(answer, call).output.message.content).toEqual(expected);
    const events = streamed(wrapper, unfold(answer));
    expect(fold(events).output.message.content).toEqual(expected);
  });

  const usage: ConverseEvent = { metadata: { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } } };
  test.each<[string, ConverseEvent[], ConverseEvent[]]>([
    [
      'the model’s own reasoning and that in tags are one block, and the rest passes',
      [
        { messageStart: { role: 'assistant' } },
        delta(0, thought('own')),
        delta(0, { reasoningContent: { signature: 's' } }),
        stop(0),
        delta(1, { text: '<thinking>t</thinking><output>o' }),
        stop(1),
        end(),
        usage,
      ],
      [
        { messageStart: { role: 'assistant' } },
        delta(0, thought('own')),
        delta(0, thought('t')),
        stop(0),
        delta(1, { text: 'o' }),
        stop(1),
        end(),
        usage,
      ],
    ],
    [
      'reasoning behind the beginning of the answer is left out',
      [delta(0, { text: '<output>o' }), delta(1, thought('late')), end()],
      [delta(1, { text: 'o' }), stop(1), end()],
    ],
    ['nothing at all', [end()], [end()]],
    [
      'thinking alone, which ends with the message',
      [delta(0, { text: '<thinking>t' }), end('max_tokens')],
      [delta(0, thought('t')), stop(0), end('max_tokens')],
    ],
  ])('a stream: %s', async (_, events, expected) => {
    expect(streamed(await wrapperOf('cot_reflection'), events)).toEqual(expected);
  });

  test.each(['max_tokens', 'model_context_window_exceeded'])(
    'cut off by %s within its thinking there is no answer, whole or streamed',
    async (stopReason) => {
      const wrapper = await wrapperOf('cot_reflection');
      const text = '<thinking>It may be <output>41';
      const { output } = wrapper.incoming(answerOf({ text, stop: stopReason }), call);
      expect(output.message.content).toEqual([thinking('It may be <output>41')]);
      const events = streamed(wrapper, [delta(0, { text }), end(stopReason)]);
      expect(events).toEqual([delta(0, thought('It may be <output>41')), stop(0), end(stopReason)]);
    },
  );
});
