import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { techniqueNames } from '../../lambda/settings/techniques.ts';
import { says } from '../support/bedrock-replies.ts';
import { type Say, scriptSteps, stepOf } from '../support/by-step.ts';
import { nova } from '../support/chat.ts';
import { farthest } from '../support/farthest.ts';
import type { SeenCall } from '../support/scripted-engine.ts';
import { scriptedGateway } from '../support/scripted-gateway.ts';

/** What `privacy` hides reaches no call, whichever technique makes it, and comes back to nobody else. */

const data = {
  mail: 'bob.miller@mail.example',
  phone: '+49 30 901820',
  card: '4111 1111 1111 1111',
  iban: 'DE89 3704 0044 0532 0130 00',
  ip: '192.0.2.77',
  ip6: '2001:db8::8a2e:370:7334',
  ssn: '078-05-1120',
  key: 'AKIAIOSFODNN7EXAMPLE',
};
const onPage = 'carol.page@mail.example';
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/plain' }).end(`Write to ${onPage}.`);
});
const port = await new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const gateway = scriptedGateway({
  ENABLE_OPTIMISATION: 'true',
  READURLS_TRUSTED_HOSTS: `127.0.0.1:${port}`,
});

/** Any part that would give a value away. */
const secrets = [...Object.values(data), onPage].flatMap((value) => [value, value.replaceAll(' ', '')]);
const leaked = (text: string): string[] => secrets.filter((secret) => text.includes(secret));

async function ask(technique: string, say: Say, more: object = {}) {
  const { stack, bedrock } = gateway;
  scriptSteps(bedrock, say);
  const response = await stack.post('/chat/completions', {
    model: nova,
    messages: [{ role: 'user', content: 'Hi' }],
    optimisation: { technique, params: { memory: { above: 1, chunk: 1000 } } },
    ...more,
  });
  const text = await response.text();
  return { response, text, bodies: bedrock.calls.map(({ converse }) => JSON.stringify(converse)) };
}

const long = 'Nothing of note stands in this sentence at all. '.repeat(200);
const messages = [
  { role: 'system', content: `You work for ${data.mail}, who has ${data.key}.` },
  { role: 'user', content: `My card is ${data.card}, my account ${data.iban}.` },
  { role: 'assistant', content: `Then call ${data.phone}.` },
  {
    role: 'user',
    content: `${long}\n\nIt came from ${data.ip} and ${data.ip6}; the number is ${data.ssn}.\n\nSee http://127.0.0.1:${port}/ and tell me whom to write to.`,
  },
];

/** What models say where a technique goes as far as it can, each time with a placeholder in it. */
const saying =
  (name: (typeof techniqueNames)[number]): Say =>
  (step, nth, { converse }) => {
    const said = farthest(name)({ step, request: { converse } } as unknown as SeenCall, nth);
    const more = '\n\nWrite to <EMAIL_0> from <ip_1>, <EMAIL_77> or <USER_0>.';
    return name === 'cot_reflection' ? `<thinking>t</thinking><output>${more}</output>` : `${said}${more}`;
  };

describe('privacy before any technique', () => {
  const followers = techniqueNames.filter((name) => name !== 'privacy' && name !== 'readurls');
  const rows = ['', ...followers.map((name) => `&${name}`), '&readurls', '&readurls&memory&moa'].flatMap(
    (rest) => [false, true].map((stream) => ({ technique: `privacy${rest}`, stream })),
  );

  test.each(rows)('$technique, streamed: $stream', async ({ technique, stream }) => {
    const name = techniqueNames.find((each) => technique.endsWith(`&${each}`)) ?? 'privacy';
    const { response, text, bodies } = await ask(technique, saying(name), { messages, stream });
    expect(response.status).toBe(200);
    expect(bodies.length).toBeGreaterThan(0);
    for (const body of bodies) expect(leaked(body)).toEqual([]);
    expect(bodies.join()).toContain('<EMAIL_');
    // The client gets the values back, and what stands for nothing as it was said.
    const said = stream ? pieces(text) : (JSON.parse(text).choices[0].message.content as string);
    expect(said).toContain(data.mail);
    expect(said).not.toMatch(/<EMAIL_0>|<IP_\d>|&lt;/i);
    expect(said).toContain('<EMAIL_77> or <USER_0>');
  });

  const pieces = (text: string): string =>
    text
      .split('\n')
      .filter((line) => line.startsWith('data: {'))
      .map((line) => JSON.parse(line.slice('data: '.length)).choices[0]?.delta?.content ?? '')
      .join('');
});

describe('placeholders', () => {
  test('that somebody writes himself stand for nothing', async () => {
    const content = `Who is <EMAIL_0>, &lt;EMAIL_1&gt; or <PHONE_0>? Write to ${data.mail}.`;
    const { text, bodies } = await ask('privacy', () => '<EMAIL_0> &lt;EMAIL_1&gt; <PHONE_0>', {
      messages: [{ role: 'user', content }],
    });
    const [, made = ''] =
      /Write to (<EMAIL_\d+>)/.exec(JSON.parse(bodies[0] ?? '').messages[0].content[0].text) ?? [];
    expect(content).not.toContain(made);
    expect(JSON.parse(text).choices[0].message.content).not.toContain(data.mail);
  });

  test('of one request stand for nothing in another', async () => {
    await ask('privacy', () => 'Yes.', { messages: [{ role: 'user', content: data.mail }] });
    const { text } = await ask('privacy', () => 'It is <EMAIL_0>.', {
      messages: [{ role: 'user', content: 'Who?' }],
    });
    expect(text).toContain('<EMAIL_0>');
    const plain = await ask('none', () => 'It is <EMAIL_0>.', {
      messages: [{ role: 'user', content: 'Who?' }],
    });
    expect(plain.text).toContain('<EMAIL_0>');
  });

  test('of several requests at once are not mixed up', async () => {
    const { stack, bedrock } = gateway;
    scriptSteps(bedrock, () => 'It is <EMAIL_0>.');
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const body = { model: nova, messages: [{ role: 'user', content: `I am user${i}@mail.example` }] };
        const response = await stack.post('/chat/completions', { ...body, optimisation: 'privacy&bon(n=2)' });
        const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
        return choices[0]?.message.content;
      }),
    );
    expect(answers).toEqual(Array.from({ length: 8 }, (_, i) => `It is user${i}@mail.example.`));
  });

  test('are in no header, no account and no log of a content', async () => {
    const { response, text } = await ask('privacy&moa(n=2)', () => `Write to <EMAIL_0>.`, { messages });
    expect(leaked([...response.headers].join())).toEqual([]);
    const { optimisation } = JSON.parse(text);
    expect(leaked(JSON.stringify(optimisation))).toEqual([]);
    expect(leaked(JSON.stringify(gateway.stack.logs))).toEqual([]);
  });
});

describe('with tools', () => {
  const tools = [
    {
      type: 'function',
      function: { name: 'send', parameters: { type: 'object', properties: { to: { type: 'string' } } } },
    },
  ];
  const history = [
    { role: 'user', content: `Mail ${data.mail}` },
    {
      role: 'assistant',
      tool_calls: [
        {
          id: 'c1',
          type: 'function',
          function: { name: 'send', arguments: JSON.stringify({ to: data.mail }) },
        },
      ],
    },
    { role: 'tool', tool_call_id: 'c1', content: `Sent to ${data.mail}, from ${data.ip}` },
  ];

  test.each([false, true])(
    'privacy&bon goes on hiding, in arguments and results too (streamed: %s)',
    async (stream) => {
      const call = says([
        { type: 'tool_use', id: 't1', name: 'send', input: { to: '<EMAIL_0>', from: '<IP_0>' } },
      ]);
      const { response, text, bodies } = await ask('privacy&bon', () => call, {
        messages: history,
        tools,
        stream,
      });
      expect(response.headers.get('x-gateway-optimisation')).toBe('privacy');
      expect(bodies).toHaveLength(1);
      expect(leaked(bodies.join())).toEqual([]);
      expect(gateway.bedrock.calls.map(stepOf)).toEqual(['privacy/answer']);
      // The tool is called with what is true.
      expect(text).toContain(data.mail);
      expect(text).toContain(data.ip);
      expect(text).not.toContain('EMAIL_0');
    },
  );
});
