import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../../lib/bundle.ts';
import { type Child, processFile, startChild, stranger } from './child.ts';
import { chat, type Server } from './client.ts';
import { growth } from './measures/growth.ts';
import { fixedYoungGeneration, type MemoryGrowth, memoryGrowth } from './measures/memory.ts';
import { type Cost, type Load, loads, type Round, round, typical } from './measures/streams.ts';
import { cores, pinThisProcess } from './pin.ts';
import { publish } from './report.ts';
import { type Results, reportOf } from './results.ts';

/**
 * `npm run bench`: the gateway against a floor, see docs/performance.md.
 *
 *     --against <url>  another OpenAI-compatible gateway, on a Bedrock at the port that --bedrock-port names
 *     --key, --model   what it is asked with        --pid  its process, for its CPU
 *     --rounds <n>     of each load; default 40     --write  the results into docs/performance.md
 */
const { values: options } = parseArgs({
  options: {
    against: { type: 'string' },
    key: { type: 'string', default: 'sk-bench' },
    model: { type: 'string', default: 'us.amazon.nova-lite-v1:0' },
    pid: { type: 'string' },
    'bedrock-port': { type: 'string', default: '0' },
    rounds: { type: 'string', default: '40' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
/** A process compiles what it runs often, and goes on doing so for seconds. */
const warmUps = 6;
/** What a load may take, of some eight minutes for the whole run; what is under way is finished. */
const loadBudgetMs = options.against ? 75_000 : 110_000;

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
    // Another gateway need not speak every API.
    const asked = servers.filter(({ another }) => load.api === 'chat' || another);
    streams[load.name] = await measureLoad(load, asked);
  }
  return { pinned, streams, memory: await measureMemory(servers), growth: grown };
}

/** Of processes of their own. */
async function measureMemory(servers: Named[]): Promise<Results['memory']> {
  const measured: Record<string, MemoryGrowth> = {};
  for (const server of servers) {
    if (!server.another) continue;
    const another = await server.another(fixedYoungGeneration);
    measured[server.name] = await memoryGrowth({ ...server, ...another });
    another.stop();
  }
  return measured;
}

/** All servers in turn, round by round. Beside a slow one there are fewer rounds: the whole run takes five minutes. */
async function measureLoad(load: Load, servers: Named[]): Promise<Record<string, Cost>> {
  const costs = new Map(servers.map(({ name }): [string, Round[]] => [name, []]));
  const began = performance.now();
  const spent = () => (performance.now() - began) / loadBudgetMs;
  const turn = () => eachInTurn(servers, (server) => round(load, server));
  for (let nth = 0; nth < warmUps && spent() < 0.4; nth += 1) await turn();
  for (let nth = 0; nth < rounds && (nth === 0 || spent() < 1); nth += 1) {
    for (const [name, cost] of await turn()) costs.get(name)?.push(cost);
  }
  const floor = costs.get('floor')!;
  return Object.fromEntries([...costs].map(([name, each]) => [name, typical(each, floor)]));
}

async function eachInTurn<T>(servers: Named[], run: (server: Named) => Promise<T>): Promise<[string, T][]> {
  const results: [string, T][] = [];
  for (const server of servers) results.push([server.name, await run(server)]);
  return results;
}

/** `another`: starts another process of the same. */
type Named = Server & Child & { name: string; another?: (nodeOptions: string[]) => Promise<Child> };

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
  const floor = (nodeOptions: string[] = []) =>
    start(processFile('floor'), environment, { core, nodeOptions });
  const gateway = (nodeOptions: string[] = []) =>
    start(join(folder, 'index.mjs'), environment, { core, nodeOptions });
  const servers: Named[] = [
    { name: 'floor', ...(await floor()), ...asked, another: floor },
    { name: 'gateway', ...(await gateway()), ...asked, translates: true, another: gateway },
  ];
  const { against, key, model, pid } = options;
  if (against) {
    const other = stranger(against, pid === undefined ? undefined : Number(pid));
    servers.push({ name: against, ...other, key, model, translates: true });
    console.error(`Bedrock's stand-in: ${bedrock.url}`);
    await chat(servers.at(-1)!, 'burst 1');
  }
  return servers;
}

async function start(...how: Parameters<typeof startChild>): Promise<Child> {
  const child = await startChild(...how);
  children.push(child);
  return child;
}
