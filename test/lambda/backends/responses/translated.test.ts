import { describe, expect, test } from 'vitest';
import { responsesBody } from '../../../../lambda/backends/responses/body.ts';
import { ConverseEvents, eventsOf } from '../../../../lambda/backends/responses/converse-events.ts';
import type { ResponseEvent } from '../../../../lambda/backends/responses/events.ts';
import { fold } from '../../../../lambda/canonical/fold.ts';
import { signatureOfResponses } from '../../../../lambda/canonical/reasoning.ts';
import type { ConverseAnswer, ConverseRequest } from '../../../../lambda/canonical/types.ts';
import { upstreamEvents, upstreamReasoning, upstreamResponse } from '../../../support/scripted-runtime.ts';

const signature = signatureOfResponses.write('gAAAA');

describe('a request of Converse as one of Responses', () => {
  test('every part of a conversation has its item', () => {
    const request: ConverseRequest = {
      system: [{ text: 'One.' }, { text: 'Two.' }],
      messages: [
        {
          role: 'user',
          content: [{ text: 'Hi' }, { image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } }],
        },
        {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'Hm.', signature } } },
            { reasoningContent: { reasoningText: { text: 'Not theirs.', signature: 'Claude’s' } } },
            { reasoningContent: { redactedContent: 'bm90IHRoZWlycw==' } },
            { text: 'First.' },
            { toolUse: { toolUseId: 'call_1', name: 'f', input: { a: 'b' } } },
            { text: 'Then.' },
            { toolUse: { toolUseId: 'call_2', name: 'g', input: {} } },
          ],
        },
        {
          role: 'user',
          content: [
            { toolResult: { toolUseId: 'call_1', content: [{ text: 'x' }, { json: { y: 1 } }] } },
            { toolResult: { toolUseId: 'call_2', content: [] } },
            { text: 'Go on.' },
          ],
        },
      ],
      inferenceConfig: { maxTokens: 5, temperature: 0.5, topP: 0.9 },
      toolConfig: {
        tools: [
          {
            toolSpec: {
              name: 'f',
              description: 'F.',
              inputSchema: { json: { type: 'object' } },
              strict: true,
            },
          },
          { toolSpec: { name: 'g', inputSchema: { json: { type: 'object' } } } },
        ],
        toolChoice: { tool: { name: 'f' } },
      },
      additionalModelRequestFields: { reasoning: { effort: 'low' } },
    };
    expect(responsesBody(request)).toEqual({
      instructions: 'One.\n\nTwo.',
      input: [
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'Hi' },
            { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,iVBORw0KGgo=' },
          ],
        },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'gAAAA' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'First.' }] },
        { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{"a":"b"}' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Then.' }] },
        { type: 'function_call', call_id: 'call_2', name: 'g', arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_1', output: [{ type: 'input_text', text: 'x' }, { type: 'input_text', text: '{"y":1}' }] }, // biome-ignore format: one line
        { type: 'function_call_output', call_id: 'call_2', output: [] },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Go on.' }] },
      ],
      max_output_tokens: 16,
      temperature: 0.5,
      top_p: 0.9,
      tools: [
        { type: 'function', name: 'f', description: 'F.', parameters: { type: 'object' }, strict: true },
        { type: 'function', name: 'g', parameters: { type: 'object' }, strict: false },
      ],
      tool_choice: { type: 'function', name: 'f' },
      include: ['reasoning.encrypted_content'],
      reasoning: { effort: 'low' },
    });
  });

  test.each([
    [{ auto: {} }, 'auto'],
    [{ any: {} }, 'required'],
  ])('the choice %j is %s', (toolChoice, expected) => {
    const toolConfig = { tools: [{ toolSpec: { name: 'f', inputSchema: { json: {} } } }], toolChoice };
    expect(responsesBody({ messages: [], toolConfig })).toMatchObject({ tool_choice: expected });
  });

  test('marks of a cache are nothing to it', () => {
    const mark = { cachePoint: { type: 'default' as const } };
    const toolConfig = { tools: [{ toolSpec: { name: 'f', inputSchema: { json: {} } } }, mark] };
    const system = [{ text: 'One.' }, mark];
    const body = responsesBody({ system, messages: [{ role: 'user', content: [{ text: 'Hi' }, mark] }], toolConfig }); // biome-ignore format: one line
    expect(body).toMatchObject({ instructions: 'One.', input: [{ content: [{ text: 'Hi' }] }], tools: [{ name: 'f' }] }); // biome-ignore format: one line
    expect(JSON.stringify(body)).not.toContain('cachePoint');
  });

  test('images in results, images in S3, and reasoning of which only the state is known', () => {
    const inS3 = { image: { format: 'png', source: { s3Location: { uri: 's3://bucket/a.png' } } } };
    const drawn = { image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } };
    const messages: ConverseRequest['messages'] = [
      { role: 'user', content: [inS3] },
      { role: 'assistant', content: [{ reasoningContent: { reasoningText: { text: '', signature } } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: 'call_1', content: [drawn] } }] },
    ];
    const image = (image_url: string) => ({ type: 'input_image', detail: 'auto', image_url });
    expect(responsesBody({ messages }).input).toEqual([
      { type: 'message', role: 'user', content: [image('s3://bucket/a.png')] },
      { type: 'reasoning', summary: [], encrypted_content: 'gAAAA' },
      {
        type: 'function_call_output',
        call_id: 'call_1',
        output: [image('data:image/png;base64,iVBORw0KGgo=')],
      },
    ]);
  });
});

describe('a response as an answer of Converse', () => {
  const streamed = (end = {}): ConverseAnswer => {
    const events = new ConverseEvents();
    return fold(upstreamEvents(end).flatMap((event) => events.read(event as ResponseEvent)));
  };
  const whole = (changes = {}): ConverseAnswer => fold(eventsOf(upstreamResponse(changes)));

  test('whole and streamed say the same', () => {
    expect(streamed()).toEqual(whole());
    expect(whole()).toEqual({
      output: {
        message: {
          role: 'assistant',
          content: [
            {
              reasoningContent: {
                reasoningText: {
                  text: 'Look first.',
                  signature: signatureOfResponses.write(upstreamReasoning.encrypted_content),
                },
              },
            },
            { text: 'Hello — wörld' },
            { toolUse: { toolUseId: 'call_0a1b2c3d4e5f6071', name: 'look', input: { path: 'a' } } },
          ],
        },
      },
      stopReason: 'tool_use',
      usage: {
        inputTokens: 30,
        outputTokens: 20,
        totalTokens: 120,
        cacheReadInputTokens: 60,
        cacheWriteInputTokens: 10,
      },
      serviceTier: { type: 'default' },
    });
  });

  test('texts and calls that come whole, without deltas, are no less', () => {
    const events = new ConverseEvents();
    const sent = upstreamEvents().filter(
      ({ type }) => !/(?:output_text|arguments)\.delta$/.test(String(type)),
    );
    expect(fold(sent.flatMap((event) => events.read(event as ResponseEvent)))).toEqual(whole());
  });

  test.each([
    [{ incomplete_details: { reason: 'max_output_tokens' } }, 'max_tokens'],
    [{ incomplete_details: { reason: 'content_filter' } }, 'content_filtered'],
    [{ output: [] }, 'end_turn'],
  ])('%j ends for the reason %s', (changes, reason) => {
    expect([whole(changes).stopReason, streamed({ status: 'incomplete', ...changes }).stopReason]).toEqual([reason, reason]); // biome-ignore format: one line
  });

  test('paragraphs of a summary stay apart; reasoning without one has its state alone', () => {
    const [part] = upstreamReasoning.summary;
    const reasoning = (summary: unknown) => whole({ output: [{ ...upstreamReasoning, summary }] }).output.message.content; // biome-ignore format: one line
    expect(reasoning([part, part])).toMatchObject([{ reasoningContent: { reasoningText: { text: 'Look first.\n\nLook first.' } } }]); // biome-ignore format: one line
    expect(reasoning([])).toMatchObject([{ reasoningContent: { reasoningText: { text: '' } } }]);
  });

  test('what a model thinks in the open is its reasoning', () => {
    const output = [{ type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] }];
    expect(whole({ output }).output.message.content).toEqual([
      { reasoningContent: { reasoningText: { text: 'Hm.' } } },
    ]);
  });

  test('items that say nothing are no blocks, and what is not counted is not said', () => {
    const output = [
      { type: 'message', content: [] },
      { type: 'reasoning', summary: [] },
    ];
    const events = eventsOf(upstreamResponse({ output, usage: null }));
    expect(events).toEqual([
      { messageStart: { role: 'assistant' } },
      { messageStop: { stopReason: 'end_turn' } },
    ]);
  });

  test('a refusal is what the model says', () => {
    const content = [{ type: 'refusal', refusal: 'No.' }];
    expect(whole({ output: [{ type: 'message', content }] }).output.message.content).toEqual([
      { text: 'No.' },
    ]);
  });
});
