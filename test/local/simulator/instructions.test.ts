import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../local/simulator/answer/answer.ts';
import { compose } from '../../../local/simulator/answer/compose.ts';
import type { ConverseRequest, Message } from '../../../local/simulator/converse/request.ts';
import { findModel } from '../../../local/simulator/models/find.ts';
import { World } from '../../../local/simulator/world.ts';

const world = new World({ region: 'us-east-1', account: '123456789012', strict: true, now: Date.now });
const model = findModel('amazon.nova-lite-v1:0', 'us-east-1', world);

const answerTo = (request: ConverseRequest): Answer => compose(request, model);
const said = (text: string): Message => ({ role: 'user', content: [{ text }] });
const textIn = ({ blocks }: Answer) => blocks.map((block) => ('text' in block ? block.text : '')).join('');
const callsIn = ({ blocks }: Answer) =>
  blocks.flatMap((block) => ('toolUse' in block ? [block.toolUse.name] : []));

const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, temp: { type: 'number', minimum: 3 } },
  required: ['city', 'temp'],
};
const json = JSON.stringify(schema, null, 2);
const filled = { city: 'weather report', temp: 3 };

describe('JSON is what the instructions ask for', () => {
  test.each([
    [
      'as clients write it',
      `Answer with a JSON object that is compatible with this schema:\n\n${json}\n\nNo text before it.`,
    ],
    ['in a fence', `You must respond only in JSON.\n\`\`\`json\n${json}\n\`\`\``],
    [
      'schema first',
      `JSON schema:\n${json}\nYou MUST answer with a JSON object that matches the JSON schema above.`,
    ],
    [
      'as a format',
      `The output should be formatted as a JSON instance that conforms to the JSON schema below.\nAs an example, for {"properties": {"foo": {"type": "string"}}, "required": ["foo"]} the object {"foo": "bar"} is well-formed.\n${json}`,
    ],
    ['wrapped', `Your response must be JSON: {"name": "report", "strict": true, "schema": ${json}}`],
    ['JSON only', `Use this JSON schema: ${json}`],
  ])('%s: in the system prompt, in the words of the user, in the first turn', (_, instruction) => {
    const inSystem = answerTo({ system: [{ text: instruction }], messages: [said('weather report')] });
    expect(JSON.parse(textIn(inSystem))).toEqual(filled);
    const inWords = answerTo({ messages: [said(`weather report. ${instruction}`)] });
    expect(JSON.parse(textIn(inWords))).toMatchObject({ temp: 3 });
    const messages = [
      said(instruction),
      { role: 'assistant', content: [{ text: 'Yes.' }] },
      said('weather report'),
    ];
    expect(JSON.parse(textIn(answerTo({ messages })))).toEqual(filled);
  });

  test('without a schema any object; after an example one like it', () => {
    const any = answerTo({ system: [{ text: 'Answer in JSON only.' }], messages: [said('Hello')] });
    expect(JSON.parse(textIn(any))).toEqual({ answer: 'Hello' });
    const like = 'Reply as JSON, for example {"mood": "happy"}';
    const example = answerTo({ system: [{ text: like }], messages: [said('Hello')] });
    expect(JSON.parse(textIn(example))).toEqual({ mood: 'happy' });
  });

  test.each([
    'The tools return JSON, which you explain.',
    `Tools are described by schemas: ${json}`,
    'Be kind.',
  ])('and not otherwise: %s', (instruction) => {
    const answer = answerTo({ system: [{ text: instruction }], messages: [said('Hello')] });
    expect(textIn(answer)).toContain('You said: “Hello”.');
  });
});

const tool = (name: string, description = 'Looks something up') => ({
  toolSpec: { name, description, inputSchema: { json: { type: 'object', properties: {} } } },
});
/** The conversation after these calls have been answered. */
const afterCalls = (...names: string[]): Message[] => [
  said('What is the weather in Paris?'),
  ...names.flatMap((name, i) => [
    { role: 'assistant', content: [{ toolUse: { toolUseId: `t${i}`, name, input: {} } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: `t${i}`, content: [{ text: 'sunny' }] } }] },
  ]),
];

describe('an agent comes to an end', () => {
  const any = { any: {} };

  test.each([
    ['nothing was called', [], ['final_answer', 'get_weather'], 'get_weather'],
    ['the one that is left', ['get_weather'], ['get_weather', 'other'], 'other'],
    [
      'the one that ends the work',
      ['get_weather'],
      ['other', 'get_weather', 'submit_result'],
      'submit_result',
    ],
    ['by its description', ['get_weather'], ['get_weather', 'other', 'out'], 'out'],
    ['all were called', ['get_weather', 'other', 'respond'], ['get_weather', 'other', 'respond'], 'respond'],
    [
      'all were called, none ends it',
      ['get_weather', 'get_weather', 'other'],
      ['get_weather', 'other'],
      'other',
    ],
  ])('a call is demanded: %s', (_, called, offered, expected) => {
    const tools = offered.map((name) => tool(name, name === 'out' ? 'Gives the final answer' : undefined));
    const answer = answerTo({ messages: afterCalls(...called), toolConfig: { tools, toolChoice: any } });
    expect(callsIn(answer)).toEqual([expected]);
  });

  test('a new question begins anew', () => {
    const messages = [
      ...afterCalls('get_weather'),
      { role: 'assistant', content: [{ text: 'Sunny.' }] },
      said('And the weather in Rome?'),
    ];
    const tools = [tool('final_answer'), tool('get_weather')];
    expect(callsIn(answerTo({ messages, toolConfig: { tools, toolChoice: any } }))).toEqual(['get_weather']);
  });

  test('an answer that is to be given by a tool is given by it', () => {
    const system = [{ text: 'Be kind. Give your final answer by calling the tool report, not as text.' }];
    const toolConfig = { tools: [tool('get_weather'), tool('report')] };
    const ask = (messages: Message[]) => callsIn(answerTo({ system, messages, toolConfig }));
    expect(ask(afterCalls())).toEqual(['get_weather']);
    expect(ask(afterCalls('get_weather'))).toEqual(['report']);
    expect(ask([said('Hello!')])).toEqual(['report']);
  });
});
