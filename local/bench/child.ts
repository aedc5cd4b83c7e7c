import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandOn } from './pin.ts';
import type { Question, Reply } from './processes/serve.ts';

/** A server in a process of its own. */
export interface Child {
  url: string;
  /** What the process has used so far; undefined for one that is not ours and whose pid was not given. */
  used(question: Question): Promise<number | undefined>;
  stop(): void;
}

/** The file of a process, by its name. */
export const processFile = (name: string) =>
  fileURLToPath(new URL(`./processes/${name}.ts`, import.meta.url));

/** `core`: the processor core that it keeps to; see `pin.ts`. */
export async function startChild(
  file: string,
  environment: Record<string, string> = {},
  { core, nodeOptions = [] }: { core?: number | undefined; nodeOptions?: string[] } = {},
): Promise<Child> {
  const child = fork(file, {
    ...commandOn(core, ['--expose-gc', ...nodeOptions]),
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const reply = await nextReply(child);
  if (!('ready' in reply)) throw new Error(`${file} did not start`);
  return {
    url: `http://127.0.0.1:${reply.ready}`,
    async used(question) {
      child.send(question);
      const reply = await nextReply(child);
      return 'answer' in reply ? reply.answer : undefined;
    },
    stop: () => child.connected && child.disconnect(),
  };
}

function nextReply(child: ChildProcess): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new Error(`a process of the benchmark ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (reply: Reply) => {
      child.off('exit', onExit);
      resolve(reply);
    });
  });
}

/** Somebody else's server, measured from outside; its CPU by its pid, where that is given and Linux tells. */
export function stranger(url: string, pid: number | undefined): Child {
  return {
    url: url.replace(/\/$/, ''),
    used: async (question) => (pid === undefined ? undefined : usageOf(pid)[question]),
    stop() {},
  };
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: ticks of 10 ms and pages of 4 KiB. */
function usageOf(pid: number): Record<Question, number> {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return { cpu: (Number(fields[11]) + Number(fields[12])) * 10_000, rss: Number(fields[21]) * 4096 };
}
