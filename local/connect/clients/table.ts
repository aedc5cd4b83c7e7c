import { aider } from './aider.ts';
import { claudeCode } from './claude-code.ts';
import type { ApiName, Client } from './client.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { continueDev } from './continue.ts';
import { copilotCli } from './copilot-cli.ts';
import { llm } from './llm.ts';
import { kilo, opencode } from './opencode.ts';
import { aiSdk, anthropic, langChainJs, langChainPy, openAi } from './packages.ts';
import { pi } from './pi.ts';
import { qwenCode } from './qwen-code.ts';
import { libreChat, openWebUi } from './servers.ts';

/** Every client that `gateway connect` knows, in the order in which it lists them; docs/clients.md has the same. */
export const clients: readonly Client[] = [
  claudeCode,
  codex,
  opencode,
  kilo,
  cline,
  continueDev,
  qwenCode,
  copilotCli,
  pi,
  aider,
  openWebUi,
  libreChat,
  llm,
  openAi,
  anthropic,
  langChainPy,
  langChainJs,
  aiSdk,
];

/** The API in which a model loses least: Anthropic's for Claude, Responses for GPT. */
export function apiFor({ apis }: Client, model: string): ApiName {
  const native: ApiName | undefined = /claude/i.test(model)
    ? 'messages'
    : /\bgpt-\d/i.test(model)
      ? 'responses'
      : undefined;
  return native && apis.includes(native) ? native : apis[0];
}
