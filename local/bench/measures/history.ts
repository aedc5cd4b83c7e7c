/** What one turn of an agent leaves behind: a question, a call, its result and an answer. */
function turn(nth: number): object[] {
  const id = `call_${nth}`;
  const input = JSON.stringify({ path: `src/module-${nth}.ts`, from: nth, to: nth + 40 });
  return [
    { role: 'user', content: prose(200 + ((nth * 137) % 600), nth) },
    {
      role: 'assistant',
      content: prose(200 + ((nth * 71) % 200), nth),
      tool_calls: [{ id, type: 'function', function: { name: 'read_file', arguments: input } }],
    },
    { role: 'tool', tool_call_id: id, content: prose(400 + ((nth * 331) % 1600), nth) },
    { role: 'assistant', content: prose(300 + ((nth * 53) % 1500), nth + 1) },
  ];
}

const plain =
  'The reader finds "quoted" words,\nline breaks,\tpaths\\of\\files and { code: "in", braces: [1, 2] }. ';
const foreign = 'Now and then — not often — a character such as é or 字 🙂 stands among the others. ';
/** Every eighth turn has a text that is not ASCII. */
function prose(length: number, nth = 0): string {
  const sentence = nth % 8 === 7 ? foreign : plain;
  return sentence.repeat(Math.ceil(length / sentence.length)).slice(0, length);
}

/** A PNG that is none beyond its first bytes, which is all that is looked at. */
const image = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(6000, 7)]).toString(
  'base64',
);

const tools = ['read_file', 'write_file', 'search'].map((name) => ({
  type: 'function',
  function: {
    name,
    description: prose(200),
    parameters: {
      type: 'object',
      properties: { path: { type: 'string' }, from: { type: 'integer' }, to: { type: 'integer' } },
      required: ['path'],
    },
  },
}));

/** The body of a chat request with a history of `turns` turns, one image among them. */
export function historyOf(turns: number): string {
  const messages = [
    { role: 'system', content: prose(800) },
    {
      role: 'user',
      content: [
        { type: 'text', text: prose(120) },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } },
      ],
    },
    { role: 'assistant', content: prose(240) },
    ...Array.from({ length: turns }, (_, nth) => turn(nth)).flat(),
    { role: 'user', content: prose(300) },
  ];
  return JSON.stringify({
    model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    stream: true,
    messages,
    tools,
  });
}
