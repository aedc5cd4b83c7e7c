import { Agent, request } from 'node:http';

export interface Server {
  url: string;
  /** Sent with every request. */
  key: string;
  model: string;
  /** What a whole answer ends with, for servers that translate. */
  end?: string;
}

/** Milliseconds until the first byte of the body and until its end. */
export interface Timing {
  firstByte: number;
  total: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1000 });

/** One streamed chat; rejects when the answer is not what was asked for. */
export function chat(server: Server, prompt: string): Promise<Timing> {
  const body = JSON.stringify({
    model: server.model,
    stream: true,
    messages: [{ role: 'user', content: prompt }],
  });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${server.key}`,
  };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const call = request(
      `${server.url}/v1/chat/completions`,
      { method: 'POST', agent, headers },
      (response) => {
        let firstByte: number | undefined;
        let last: Buffer = Buffer.alloc(0);
        response.on('data', (chunk: Buffer) => {
          firstByte ??= performance.now() - began;
          last = chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          const tail = last.toString('latin1');
          if (response.statusCode !== 200 || (server.end && !tail.includes(server.end))) {
            reject(new Error(`${server.url} answered ${response.statusCode}: …${tail.slice(-300)}`));
          } else resolve({ firstByte: firstByte ?? Number.NaN, total: performance.now() - began });
        });
      },
    );
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
