import { describe, expect, test } from 'vitest';
import type { MessagesBody } from '../../support/captures.ts';
import {
  ask,
  assistant,
  byConverse,
  gptOss,
  haiku45,
  hello,
  lanes,
  objectsIn,
  opus46,
  sonnet55,
  tool,
  toolTurns,
  user,
} from '../../support/messages.ts';
import { answered, scriptedGateway } from '../../support/scripted-gateway.ts';

/** Blocks of messages and their cache marks, in the model's own API and by Converse. */

const gateway = scriptedGateway();

const text = (value: string, more = {}) => ({ type: 'text', text: value, ...more });
const ephemeral = { type: 'ephemeral' };

describe('blocks', () => {
  test.each(['image', 'document'])('M46 a private address is not fetched: %s', async (type) => {
    const source = { type: 'url', url: 'https://127.0.0.1/secret' };
    for (const [, headers] of lanes) {
      const said = await ask(
        gateway.stack,
        hello({ messages: [user([{ type, source }, text('What is it?')])] }),
        headers,
      );
      expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
      expect(said.error?.message).toContain('127.0.0.1');
    }
    expect(gateway.bedrock.calls).toEqual([]);
  });

  test.each(['image', 'document'])('M46 there are no files to point to: %s', async (type) => {
    const source = { type: 'file', file_id: 'file_011' };
    for (const [, headers] of lanes) {
      const said = await ask(
        gateway.stack,
        hello({ messages: [user([{ type, source }, text('What is it?')])] }),
        headers,
      );
      expect([said.status, said.error?.type]).toEqual([400, 'invalid_request_error']);
      expect(said.error?.message).toMatch(/file/);
    }
    expect(gateway.bedrock.calls).toEqual([]);
  });

  test('M47 a document has a name, and a text beside it', async () => {
    const source = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQKJSVFT0YK' };
    const { call } = await answered(
      gateway,
      hello({ messages: [user([{ type: 'document', source }])] }),
      byConverse,
    );
    const content = call.converse.messages[0]?.content ?? [];
    expect(content.find(({ document }) => document)?.document?.name).toMatch(/^[a-zA-Z0-9 ()[\]-]{1,200}$/);
    expect(content.some(({ text }) => text?.trim())).toBe(true);
  });

  test.each(['', [], undefined])('M48 an error says something: %j', async (content) => {
    const messages = [user('Weather?'), ...toolTurns('toolu_1', 'get_weather', { content, is_error: true })];
    const tools = [tool('get_weather')];
    const { call } = await answered(gateway, hello({ model: haiku45, messages, tools }), byConverse);
    const [result] = call.converse.messages.flatMap(({ content }) =>
      content.flatMap(({ toolResult }) => toolResult ?? []),
    );
    expect(result).toMatchObject({ status: 'error', content: [{ text: expect.stringMatching(/\S/) }] });
  });

  test.each(lanes)('M49 two messages of the user are one turn: %s', async (_, headers) => {
    const { call } = await answered(
      gateway,
      hello({ messages: [user('Hello'), user([text('there')])] }),
      headers,
    );
    const messages = (call.native.messages ?? []) as { role: string }[];
    expect(messages.map(({ role }) => role)).toEqual(['user']);
    expect(JSON.stringify(messages)).toMatch(/Hello.*there/);
  });

  test.each(lanes)('M49 an answer that is begun: %s', async (_, headers) => {
    const messages = [user('Hello'), assistant('Well')];
    await answered(gateway, hello({ model: haiku45, messages }), headers);
    for (const model of [opus46, sonnet55]) {
      gateway.bedrock.script();
      const said = await ask(gateway.stack, hello({ model, messages }), headers);
      // Bedrock may be the one who refuses; what is sent then ends with the answer as it was begun.
      if (said.status === 400) expect(said.error?.type).toBe('invalid_request_error');
      else expect(said.status).toBe(200);
    }
  });

  test.each(lanes)('M50 what is blank is not sent: %s', async (_, headers) => {
    const messages = [
      user([text(' \n'), text('Hello'), text('')]),
      assistant([text('\t'), text('Yes?')]),
      user([text('  '), text('Bye')]),
    ];
    const { call } = await answered(
      gateway,
      hello({ messages, system: [text(' '), text('Be brief.')] }),
      headers,
    );
    const texts = objectsIn(call.native).flatMap((each) =>
      typeof each.text === 'string' ? [each.text] : [],
    );
    expect(texts.sort()).toEqual(['Be brief.', 'Bye', 'Hello', 'Yes?']);
  });
});

describe('cache marks', () => {
  const marksOf = (body: MessagesBody) => objectsIn(body).flatMap(({ cache_control }) => cache_control ?? []);

  test('M51 four at most, the hour first', async () => {
    const mark = (ttl?: string) => ({ cache_control: { ...ephemeral, ...(ttl && { ttl }) } });
    const body = hello({
      tools: [tool('get_weather', mark())],
      system: [text('Be brief.', mark('1h')), text('Be kind.', mark())],
      messages: [user([text('a', mark()), text('b', mark()), text('c', mark())])],
    });
    const { call } = await answered(gateway, body);
    const ttls = marksOf(call.native).map((each) => (each as { ttl?: string }).ttl ?? '5m');
    expect(ttls.length).toBeLessThanOrEqual(4);
    expect(ttls.length).toBeGreaterThan(0);
    // In the order in which Bedrock reads them: tools, system, messages.
    const { tools, system, messages } = call.native;
    const inOrder = marksOf({ first: tools, second: system, third: messages }).map(
      (each) => (each as { ttl?: string }).ttl ?? '5m',
    );
    expect(inOrder).toEqual([...inOrder].sort((a, b) => (a === b ? 0 : a === '1h' ? -1 : 1)));
    // The latest is what the next turn reads again.
    expect(messages?.at(-1)).toMatchObject({ content: [{}, {}, { cache_control: ephemeral }] });
  });

  test('M52 N18 a mark has no scope', async () => {
    const cache_control = { ...ephemeral, scope: 'global' };
    const { call } = await answered(gateway, hello({ system: [text('Be brief.', { cache_control })] }));
    expect(marksOf(call.native)).toEqual([ephemeral]);
  });

  test('M53 none for a model that does not cache', async () => {
    const { call } = await answered(
      gateway,
      hello({
        model: gptOss,
        system: [text('Be brief.', { cache_control: ephemeral })],
        messages: [user([text('Hello', { cache_control: ephemeral })])],
        tools: [tool('get_weather', { cache_control: ephemeral })],
      }),
    );
    expect(JSON.stringify(call.converse)).not.toMatch(/cachePoint|cache_control/);
  });
});
