import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from '../../../lib/bundle.ts';
import { fileSizes } from '../../../lib/bundle-sizes.ts';
import { goalTable, machine, publish, table } from '../report.ts';
import { median } from '../statistics.ts';
import { selfSigned } from '../tls.ts';
import { startStandIn } from './stand-in.ts';
import type { Start } from './start.ts';

/**
 * `npm run bench:cold`: from the start of a process of aws-lambda-ric to the first byte of the first event, for
 * the deployed artifact and for a handler that does nothing, in turn; see docs/performance.md.
 *
 *     --rounds <n>  default 15      --write  the results into docs/performance.md
 */
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, write: { type: 'boolean', default: false } },
});
const ric = join(import.meta.dirname, '../../../test/ric');
const client = join(ric, 'node_modules/aws-lambda-ric');
const key = 'sk-bench-0123456789';

if (!existsSync(join(client, 'rapid-client.node'))) {
  const { status } = spawnSync('npm', ['ci'], { cwd: ric, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
// Read by test/e2e/lambda.ts when it is loaded.
process.env.LAMBDA_RUNTIME_CLIENT = join(client, 'index.mjs');
const { timeStart } = await import('./start.ts');

const folder = mkdtempSync(join(tmpdir(), 'bench-cold-'));
const tls = selfSigned(folder);
const standIn = await startStandIn(tls, key);
try {
  const functions = { echo: join(folder, 'echo'), gateway: join(folder, 'gateway') };
  bundle({ outdir: functions.echo, entry: join(import.meta.dirname, 'echo.ts') });
  const bytes = fileSizes(bundle({ outdir: functions.gateway })).reduce((sum, { first }) => sum + first, 0);
  const echo: Start[] = [];
  const gateway: Start[] = [];
  for (let nth = -1; nth < Number(options.rounds); nth += 1) {
    const starts = [await start(functions.echo), await start(functions.gateway)] as const;
    // The first finds no file in the system's cache.
    if (nth < 0) continue;
    echo.push(starts[0]);
    gateway.push(starts[1]);
  }
  report(echo, gateway, bytes);
} finally {
  await standIn.close();
  rmSync(folder, { recursive: true });
}

function start(path: string): Promise<Start> {
  const environment = {
    NODE_EXTRA_CA_CERTS: tls.path,
    API_KEY_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-AbCdEf',
    AWS_ENDPOINT_URL: standIn.url,
  };
  return timeStart(path, environment, key);
}

function report(echo: Start[], gateway: Start[], bytes: number): void {
  const typical = (starts: Start[]) => ({
    firstByte: median(starts.map(({ firstByte }) => firstByte)),
    warm: median(starts.map(({ warm }) => warm)),
  });
  const numbers = { echo: typical(echo), gateway: typical(gateway), bytes, otherCalls: standIn.otherCalls };
  const ratio = numbers.gateway.firstByte / numbers.echo.firstByte;
  const calls = standIn.otherCalls.length;
  const goals = [
    {
      name: 'process start → first SSE byte ÷ echo handler',
      goal: '≤ 2.5',
      measured: ratio.toFixed(2),
      met: ratio <= 2.5,
    },
    {
      name: 'bytes loaded before the first chat answer',
      goal: '≤ 240 KB',
      measured: `${Math.round(bytes / 1000)} KB`,
      met: bytes <= 240_000,
    },
    {
      name: 'control-plane calls before the first chat answer',
      goal: '0',
      measured: String(calls),
      met: calls === 0,
    },
  ];
  const rows = (['echo', 'gateway'] as const).map((name) => [
    name,
    numbers[name].firstByte.toFixed(1),
    numbers[name].warm.toFixed(1),
  ]);
  const measured = table(
    ['', 'first byte after process start, ms', 'first byte of the next request, ms'],
    rows,
  );
  publish(
    'bench-cold',
    [`Machine: ${machine()}`, goalTable(goals), measured].join('\n\n'),
    numbers,
    options.write,
  );
}
