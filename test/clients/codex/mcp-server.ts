import { createInterface } from 'node:readline';

/**
 * A server of the Model Context Protocol on standard input and output, with as much of it as Codex asks for: three
 * tools that answer with a text, with a failure and with a picture.
 */
const inputSchema = { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false };
const tools = [
  { name: 'lookup', description: 'Looks a word up', inputSchema },
  { name: 'fail', description: 'Cannot do anything', inputSchema },
  { name: 'picture', description: 'Draws a dot', inputSchema },
];
const dot =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

interface Message {
  id?: number | string;
  method: string;
  params?: { protocolVersion?: string; name?: string; arguments?: { name?: string } };
}

const text = (said: string) => ({ type: 'text', text: said });

function called({ name, arguments: given }: NonNullable<Message['params']>): object {
  if (name === 'lookup') return { content: [text(`Found: ${given?.name ?? 'nothing'}.`)] };
  if (name === 'picture') return { content: [{ type: 'image', data: dot, mimeType: 'image/png' }] };
  return { content: [text('There is no such thing.')], isError: true };
}

function answerTo({ method, params = {} }: Message): object {
  if (method === 'initialize') {
    return {
      protocolVersion: params.protocolVersion ?? '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'library', version: '1.0.0' },
    };
  }
  if (method === 'tools/list') return { tools };
  return method === 'tools/call' ? called(params) : {};
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line) as Message;
  if (message.id === undefined) continue;
  const { id } = message;
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: answerTo(message) })}\n`);
}
