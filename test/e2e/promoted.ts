import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getHeapSpaceStatistics } from 'node:v8';

/**
 * A process of its own: has the bundled function of a folder stream one answer after another to each request of its
 * environment, and prints how many bytes such a stream has left in V8's old space, where only a major collection finds
 * them. Its young generation is to be of one size, and so large that hardly a stream is alive when it is collected.
 */
const [, , folder = ''] = process.argv;
const requests = JSON.parse(process.env.STREAMS ?? '') as { path: string; body: object }[];

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

async function streams({ path, body }: (typeof requests)[number], count: number): Promise<void> {
  const event = {
    rawPath: path,
    rawQueryString: '',
    headers: { authorization: `Bearer ${process.env.API_KEY}`, 'content-type': 'application/json' },
    requestContext: { domainName: 'localhost', http: { method: 'POST', path } },
    body: JSON.stringify({ ...body, stream: true }),
    isBase64Encoded: false,
  };
  for (let nth = 0; nth < count; nth += 1) {
    const output = new Output();
    await handler(event, output, { awsRequestId: `r-${nth}`, getRemainingTimeInMillis: () => 60_000 });
    if (!/data: \[DONE\]|message_stop|response.completed/.test(output.text)) throw new Error(output.text);
  }
}

const oldSpace = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? 0;

const count = 100;
// In the first of them code is compiled, and what V8 learns of it is kept.
for (const request of requests) await streams(request, 2 * count);
for (const request of requests) {
  const left: number[] = [];
  for (let nth = 0; nth < 3; nth += 1) {
    const before = oldSpace();
    await streams(request, count);
    left.push((oldSpace() - before) / count);
  }
  // A major collection takes away what many streams have left, and the one in whose time it comes says nothing.
  process.stdout.write(`${left.toSorted((a, b) => a - b)[1]}\n`);
}
process.exit();
