import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Child, startChild } from './soak/child.ts';
import {
  complaints,
  type GatewayFigures,
  heapGrowth,
  inMegabytes,
  type Sample,
  type SimulatorFigures,
} from './soak/judge.ts';
import { type Ending, pick } from './soak/mix.ts';
import { openStream, type Result } from './soak/open-stream.ts';

/**
 * Many streams at once through a gateway, on a slow Bedrock that fails now and then, for as long as is asked:
 * memory must stay flat, no socket be left behind, and no failure be told as a success.
 *
 *     npm run soak -- --seconds 300 --streams 100
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    streams: { type: 'string', default: '100' },
  },
});
const seconds = Number(values.seconds);
const streams = Number(values.streams);
const sampleMs = Math.max(500, seconds * 20);

const simulator = await startChild<SimulatorFigures>('./simulator-process.ts', {});
const apiKey = 'sk-soak';
const gateway = await startChild<GatewayFigures>('./gateway-process.ts', {
  API_KEY: apiKey,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIASIMULATOR0000000',
  AWS_SECRET_ACCESS_KEY: 'simulator',
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: simulator.url,
  AWS_ENDPOINT_URL_BEDROCK: simulator.url,
  AWS_MAX_ATTEMPTS: '1',
  HEARTBEAT_SECONDS: '1',
  LOG_LEVEL: 'silent',
});

const started = performance.now();
const elapsed = () => (performance.now() - started) / 1000;
const results: Result[] = [];
const samples: Sample[] = [];

await Promise.all([watch(), ...Array.from({ length: streams }, worker)]);
// The last clients have gone: what they left upstream must go, too.
await sleep(500);
const idle = await sample(gateway, simulator);
const exits = [await gateway.close(), await simulator.close()];
report();

async function worker(): Promise<void> {
  while (elapsed() < seconds && !gateway.died()) {
    results.push(await openStream({ url: gateway.url, apiKey }, pick(Math.random())));
  }
}

async function watch(): Promise<void> {
  while (elapsed() < seconds && !gateway.died()) {
    await sleep(sampleMs);
    const now = await sample(gateway, simulator);
    samples.push(now);
    process.stdout.write(`${row(now)}\n`);
  }
}

async function sample(gateway: Child<GatewayFigures>, simulator: Child<SimulatorFigures>): Promise<Sample> {
  const [own, upstream] = await Promise.all([gateway.measure(), simulator.measure()]);
  return { ...own, ...upstream, seconds: elapsed() };
}

function row({ seconds, rss, heapUsed, sockets, timers, connections, running }: Sample): string {
  return [
    `${seconds.toFixed(0).padStart(4)} s`,
    `rss ${inMegabytes(rss)}`,
    `heap ${inMegabytes(heapUsed)}`,
    `${sockets} sockets`,
    `${timers} timers`,
    `${connections} connections to Bedrock, ${running} in use`,
  ].join('   ');
}

function report(): void {
  const count = (ending: Ending) => results.filter((result) => result.ending === ending).length;
  const wrong = results.flatMap((result) => result.wrong ?? []);
  const falseSuccesses = results.filter((result) => result.falseSuccess).length;
  const deaths = exits.filter((code) => code !== 0).length;
  const found = complaints({ samples, idle, streams, wrong, falseSuccesses, deaths });
  const lines = [
    `${results.length} streams, ${streams} at once, in ${elapsed().toFixed(0)} s:`,
    `  ${count('complete')} complete, ${count('failed')} failed and ${count('refused')} refused as they should, ${count('left')} left`,
    `  ${wrong.length} ended otherwise, ${falseSuccesses} false successes, ${deaths} process exits`,
    `  heap ${heapGrowth(samples) < 0 ? '' : '+'}${inMegabytes(heapGrowth(samples))} since warm-up`,
    `  afterwards: ${row(idle).trim()}`,
    ...(found.length === 0 ? ['All is well.'] : ['NOT well:', ...found.map((each) => `  ${each}`)]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
