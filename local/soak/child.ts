import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that serves, and answers questions about itself. */
export interface Child<Measure> {
  url: string;
  measure(): Promise<Measure>;
  /** Asks it to end. Resolves with its exit code; null: it had to be killed. */
  close(): Promise<number | null>;
  /** It has ended without being asked to. */
  died(): boolean;
}

export async function startChild<Measure>(
  file: string,
  env: Record<string, string>,
): Promise<Child<Measure>> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ['--expose-gc'],
    env: { PATH: process.env.PATH, ...env },
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const { url } = await answer<{ url: string }>(child, exited);
  return {
    url,
    measure() {
      child.send('measure');
      return answer<Measure>(child, exited);
    },
    async close() {
      const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      if (child.connected) child.send('close');
      const [code] = await exited;
      clearTimeout(killer);
      return code;
    },
    died: () => child.exitCode !== null || child.signalCode !== null,
  };
}

async function answer<T>(child: ChildProcess, exited: Promise<[number | null]>): Promise<T> {
  const gone = exited.then(([code]) => Promise.reject(new Error(`a process has ended with ${code}`)));
  const [message] = (await Promise.race([once(child, 'message'), gone])) as [T];
  return message;
}
