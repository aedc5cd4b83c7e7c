import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../../lib/bundle.ts';
import { median } from '../statistics.ts';
import { selfSigned } from '../tls.ts';
import { timeStart } from './start.ts';
import { startStandIn } from './stand-in.ts';

const rounds = Number(process.env.ROUNDS ?? 15);
const key = 'sk-bench-0123456789';
const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:gateway-AbCdEf';
const folder = mkdtempSync(join(tmpdir(), 'cold-'));
const [echo] = [join(folder, 'echo')];
bundle({ outdir: echo, entry: join(import.meta.dirname, 'echo.ts') });
const tls = selfSigned(folder);
const standIn = await startStandIn(tls, key);
const env = {
  NODE_EXTRA_CA_CERTS: tls.path,
  API_KEY_SECRET_ARN: arn,
  AWS_ENDPOINT_URL: standIn.url,
};
const variants: Record<string, string> = { echo };
for (const v of process.argv.slice(2)) variants[v] = v;
if (process.argv.length === 2) { variants.gateway = join(folder, 'gateway'); bundle({ outdir: variants.gateway }); }
const res: Record<string, { firstByte: number[]; warm: number[] }> = {};
for (let i = -1; i < rounds; i++) for (const [name, path] of Object.entries(variants)) {
  const r = await timeStart(path, env, key);
  if (i < 0) continue;
  res[name] ??= { firstByte: [], warm: [] };
  res[name].firstByte.push(r.firstByte); res[name].warm.push(r.warm);
}
const base = median(res.echo!.firstByte);
for (const [n, r] of Object.entries(res)) console.log(n.padEnd(30), median(r.firstByte).toFixed(1), 'min', Math.min(...r.firstByte).toFixed(1), 'ratio', (median(r.firstByte)/base).toFixed(2), 'warm', median(r.warm).toFixed(1));
console.log('other calls', standIn.otherCalls);
await standIn.close();
rmSync(folder, { recursive: true });
