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
export type Api = 'chat' | 'messages' | 'messages by converse' | 'responses';

const claude = { model: 'us.anthropic.claude-haiku-4-5-20251001-v1:0', max_tokens: 1000 };
const conversation = (prompt: string) => ({ messages: [{ role: 'user', content: prompt }] });

interface Asking {
  path: string;
  /** What the end of an answer holds. */
  end: string;
  headers?: object;
  body(prompt: string): object;
}

const messages: Asking = {
  path: '/v1/messages',
  end: 'message_stop',
  body: (prompt) => ({ ...claude, ...conversation(prompt) }),
};
const apis: Readonly<Record<Api, Asking>> = {
  chat: { path: '/v1/chat/completions', end: '[DONE]', body: conversation },
  messages,
  'messages by converse': { ...messages, headers: { 'x-gateway-path': 'converse' } },
  responses: {
    path: '/v1/responses',
    // The event's name may be in the piece before.
    end: '"total_tokens"',
    body: (prompt) => ({ model: 'us.openai.gpt-5.6-sol', input: prompt }),
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
    ...api.body(prompt),
    stream: true,
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
