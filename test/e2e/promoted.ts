import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getHeapSpaceStatistics } from 'node:v8';

/**
 * A process of its own: has the bundled function of a folder stream chats, one after another, and prints how many
 * bytes each has left in V8's old space, where only a major collection finds them. Its young generation is to be of
 * one size, and so large that hardly a stream is alive when it is collected.
 */
const [, , folder = '', streams = ''] = process.argv;

class Output extends EventEmitter {
  text = '';
  write(chunk: Uint8Array | string): boolean {
    this.text += Buffer.from(chunk as Uint8Array);
    return true;
  }
  end(callback: () => void): void {
    setImmediate(() => {
      callback();
      this.emit('close');
    });
  }
}

Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: unknown) => handler,
    HttpResponseStream: { from: (stream: Output) => stream },
  },
});
const { handler } = await import(pathToFileURL(join(folder, 'index.mjs')).href);

const event = {
  rawPath: '/v1/chat/completions',
  rawQueryString: '',
  headers: { authorization: `Bearer ${process.env.API_KEY}`, 'content-type': 'application/json' },
  requestContext: { domainName: 'localhost', http: { method: 'POST', path: '/v1/chat/completions' } },
  body: JSON.stringify({
    model: 'us.amazon.nova-lite-v1:0',
    stream: true,
    messages: [{ role: 'user', content: 'Tell me a story.' }],
  }),
  isBase64Encoded: false,
};

async function chats(count: number): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) {
    const output = new Output();
    await handler(event, output, { awsRequestId: `r-${nth}`, getRemainingTimeInMillis: () => 60_000 });
    if (!output.text.endsWith('data: [DONE]\n\n')) throw new Error(`not an answer: ${output.text}`);
  }
}

const oldSpace = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? 0;

// In the first of them code is compiled, and what V8 learns of it is kept.
await chats(300);
const before = oldSpace();
await chats(Number(streams));
process.stdout.write(String((oldSpace() - before) / Number(streams)));
process.exit();
