import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../../lib/bundle.ts';
import { type Child, processFile, startChild, stranger } from './child.ts';
import { chat, type Server } from './client.ts';
import { growth } from './measures/growth.ts';
import { memoryGrowth } from './measures/memory.ts';
import { type Cost, loads, round, typical } from './measures/streams.ts';
import { cores, pinThisProcess } from './pin.ts';
import { publish } from './report.ts';
import { type Results, reportOf } from './results.ts';

/**
 * `npm run bench`: the gateway against a floor, see docs/performance.md.
 *
 *     --against <url>  another OpenAI-compatible gateway, on a Bedrock at the port that --bedrock-port names
 *     --key, --model   what it is asked with        --pid  its process, for its CPU
 *     --rounds <n>     of each load; default 25     --write  the results into docs/performance.md
 */
const { values: options } = parseArgs({
  options: {
    against: { type: 'string' },
    key: { type: 'string', default: 'sk-bench' },
    model: { type: 'string', default: 'us.amazon.nova-lite-v1:0' },
    pid: { type: 'string' },
    'bedrock-port': { type: 'string', default: '0' },
    rounds: { type: 'string', default: '25' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
/** A process compiles what it runs often, and goes on doing so for seconds. */
const warmUps = 6;

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const children: Child[] = [];
try {
  const results = await measure();
  publish('bench', reportOf(results), results, options.write);
} finally {
  for (const child of children) child.stop();
  rmSync(folder, { recursive: true });
}

async function measure(): Promise<Results> {
  // First, because it runs in this process, which is about to lose a core.
  const grown = growth(rounds);
  const pinned = pinThisProcess();
  const servers = await startServers(pinned);
  const streams: Results['streams'] = {};
  for (const load of loads) {
    const costs = new Map(servers.map(({ name }): [string, Cost[]] => [name, []]));
    for (let nth = -warmUps; nth < rounds; nth += 1) {
      for (const server of servers) {
        const cost = await round(load, server);
        if (nth >= 0) costs.get(server.name)?.push(cost);
      }
    }
    const floor = costs.get('floor')!;
    streams[load.name] = Object.fromEntries([...costs].map(([name, each]) => [name, typical(each, floor)]));
  }
  const ours = servers.find(({ name }) => name === 'gateway')!;
  return { pinned, streams, memory: await memoryGrowth(ours), growth: grown };
}

type Named = Server & Child & { name: string };

async function startServers(pinned: boolean): Promise<Named[]> {
  const core = pinned ? cores.server : undefined;
  // Inherits this process's core.
  const bedrock = await start(processFile('bedrock'), { PORT: options['bedrock-port'] });
  const environment = {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIABENCH',
    AWS_SECRET_ACCESS_KEY: 'bench',
    API_KEY: 'sk-bench',
    LOG_LEVEL: 'silent',
  };
  // As it is deployed: what the bundle has in place of the SDK is part of what is measured.
  bundle({ outdir: folder, entry: processFile('gateway') });
  const asked = { key: 'sk-bench', model: 'us.amazon.nova-lite-v1:0' };
  const servers: Named[] = [
    { name: 'floor', ...(await start(processFile('floor'), environment, core)), ...asked },
    {
      name: 'gateway',
      ...(await start(join(folder, 'index.mjs'), environment, core)),
      ...asked,
      end: '[DONE]',
    },
  ];
  const { against, key, model, pid } = options;
  if (against) {
    const other = stranger(against, pid === undefined ? undefined : Number(pid));
    servers.push({ name: against, ...other, key, model, end: '[DONE]' });
    console.error(`Bedrock's stand-in: ${bedrock.url}`);
    await chat(servers.at(-1)!, 'burst 1');
  }
  return servers;
}

async function start(file: string, environment: Record<string, string>, core?: number): Promise<Child> {
  const child = await startChild(file, environment, core);
  children.push(child);
  return child;
}
