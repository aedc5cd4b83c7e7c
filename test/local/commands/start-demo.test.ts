import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runGateway } from '../../../local/command-line.ts';

const program = fileURLToPath(new URL('../../../bin/gateway.ts', import.meta.url));

test('start --demo-usage prints a link that signs in to a page with thirty days in it', async () => {
  const child = spawn(process.execPath, [program, 'start', '--demo-usage'], {
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', API_KEY_FILE: '/nowhere' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The stream stays open: the gateway logs into it.
  const text = await new Promise<string>((resolve, reject) => {
    let all = '';
    child.stdout.on('data', (part) => {
      all += part;
      if (/token=\S+\n/.test(all)) resolve(all);
    });
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${all}`)));
  });
  const [, origin = '', token = ''] = /(http:\/\/\S+)\/admin\/link\?token=(\S+)/.exec(text) ?? [];
  const signedIn = await fetch(`${origin}/admin/link`, {
    method: 'POST',
    body: new URLSearchParams({ token }),
    redirect: 'manual',
  });
  expect(signedIn.status).toBe(303);
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const days = (await (await fetch(`${origin}/admin/days.json`, { headers: { cookie } })).json()) as {
    day: string;
  }[];
  expect(new Set(days.map(({ day }) => day)).size).toBe(30);
  child.kill();
  await once(child, 'exit');
});

test('it is for the simulator alone', async () => {
  let err = '';
  const io = { stdout: { write: () => true }, stderr: { write: (text: string) => (err += text) }, env: {} };
  expect(await runGateway(['start', '--aws', '--demo-usage'], io)).toBe(2);
  expect(err).toContain('--demo-usage is for the simulator');
});
