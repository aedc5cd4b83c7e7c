import { fileURLToPath } from 'node:url';
import { startFence } from '../support/fence.ts';
import { type Ended, makeHome, startProgram } from '../support/program.ts';

const command = fileURLToPath(new URL('../node_modules/.bin/copilot', import.meta.url));

export interface CopilotOptions {
  /** The gateway's, with /v1. */
  url: string;
  apiKey: string;
  model: string;
  args?: string[];
  timeoutMs?: number;
}

export interface CopilotSession {
  /** `copilot -p`, which goes on with the conversation from the second prompt on. Resolves when the process has ended. */
  say(prompt: string): Promise<Ended>;
  /** Where it works, as an absolute path. */
  folder: string;
  /** Hosts that it wanted to reach beyond the loopback interface. */
  attempts: readonly string[];
  close(): Promise<void>;
}

/** Copilot without GitHub: a provider of the user's, and nothing else on the network. */
export async function openCopilot(options: CopilotOptions): Promise<CopilotSession> {
  const [home, fence] = [await makeHome(), await startFence()];
  let [said, kill] = [0, () => {}];
  return {
    async say(prompt) {
      const program = startProgram({
        command,
        args: ['-p', prompt, ...(said++ === 0 ? [] : ['--continue']), '--allow-all', ...(options.args ?? [])],
        home,
        env: {
          ...fence.env,
          COPILOT_PROVIDER_TYPE: 'openai',
          COPILOT_PROVIDER_WIRE_API: 'responses',
          COPILOT_PROVIDER_BASE_URL: options.url,
          COPILOT_PROVIDER_API_KEY: options.apiKey,
          COPILOT_MODEL: options.model,
          COPILOT_OFFLINE: 'true',
          COPILOT_AUTO_UPDATE: 'false',
        },
        timeoutMs: options.timeoutMs ?? 60_000,
      });
      kill = program.kill;
      program.closeInput();
      return program.ended;
    },
    folder: home.work,
    attempts: fence.attempts,
    async close() {
      kill();
      await Promise.all([fence.close(), home.close()]);
    },
  };
}
