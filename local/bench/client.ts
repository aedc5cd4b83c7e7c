import { Agent, request } from 'node:http';

export interface Server {
  url: string;
  /** Sent with every request. */
  key: string;
  /** Asked by Chat Completions. */
  model: string;
  /** Whether it translates what Bedrock says: then an answer must end as its API has it. */
  translates?: boolean;
  /** How it is asked; by Chat Completions unless said. */
  api?: Api;
}

/** The client API, and for one that models speak themselves which way to Bedrock is taken. */
export type Api = 'chat' | 'messages' | 'messages by converse';

const claude = { model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0', max_tokens: 1000 };
const apis: Readonly<Record<Api, { path: string; end: string; headers?: object; body?: object }>> = {
  chat: { path: '/v1/chat/completions', end: '[DONE]' },
  messages: { path: '/v1/messages', end: 'message_stop', body: claude },
  'messages by converse': {
    path: '/v1/messages',
    end: 'message_stop',
    body: claude,
    headers: { 'x-gateway-path': 'converse' },
  },
};

/** Milliseconds until the first byte of the body and until its end. */
export interface Timing {
  firstByte: number;
  total: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1000 });

/** One streamed answer; rejects when the answer is not what was asked for. */
export function chat(server: Server, prompt: string): Promise<Timing> {
  const api = apis[server.api ?? 'chat'];
  const body = JSON.stringify({
    model: server.model,
    ...api.body,
    stream: true,
    messages: [{ role: 'user', content: prompt }],
  });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${server.key}`,
    ...api.headers,
  };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const call = request(`${server.url}${api.path}`, { method: 'POST', agent, headers }, (response) => {
      let firstByte: number | undefined;
      let last: Buffer = Buffer.alloc(0);
      response.on('data', (chunk: Buffer) => {
        firstByte ??= performance.now() - began;
        last = chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const tail = last.toString('latin1');
        if (response.statusCode !== 200 || (server.translates && !tail.includes(api.end))) {
          reject(new Error(`${server.url} answered ${response.statusCode}: …${tail.slice(-300)}`));
        } else resolve({ firstByte: firstByte ?? Number.NaN, total: performance.now() - began });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** `count` chats, `clients` at a time. */
export async function chats(
  server: Server,
  prompt: string,
  count: number,
  clients: number,
): Promise<Timing[]> {
  const timings: Timing[] = [];
  let left = count;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      timings.push(await chat(server, prompt));
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return timings;
}
