import { setTimeout } from 'node:timers/promises';
import type { Config } from '../../lambda/config.ts';
import { createGateway } from '../../lambda/gateway.ts';
import type { LogFields, Logger } from '../../lambda/telemetry/logger.ts';

/** What one request came to. */
export interface Asked {
  text: string;
  /** It has reached its limit of tokens. */
  cutOff: boolean;
  /** Model calls that the technique has made; 1 without one. */
  calls: number;
  inputTokens: number;
  outputTokens: number;
  ms: number;
  /** US dollars, as a decimal; undefined: not known. */
  cost?: string;
  warnings: string[];
}

/** A request that has failed, in the gateway's words. */
export class AskError extends Error {
  override name = 'AskError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** It would fail again, whatever is asked: the command is wrong, or a right is missing. */
  get isFinal(): boolean {
    return this.status >= 400 && this.status < 500 && ![408, 409, 429, 499].includes(this.status);
  }
}

export interface Asking {
  prompt: string;
  model: string;
  /** An expression; `none` is the plain model. */
  technique: string;
  maxTokens: number | undefined;
}

export interface Asker {
  /** Rejects with AskError. */
  ask(asking: Asking): Promise<Asked>;
  close(): Promise<void>;
}

interface Completion {
  choices: { message: { content: string | null }; finish_reason: string }[];
  usage: { prompt_tokens: number; completion_tokens: number };
  optimisation?: { calls: number; warnings: string[] };
}

/** Asks a gateway of this process by its Chat Completions, so that what is measured is what clients get. */
export function createAsker(
  config: Config,
  apiKey: string,
  now: () => number = performance.now.bind(performance),
): Asker {
  const { logger, recordOf } = records();
  const gateway = createGateway({ config, logger });
  return {
    close: () => gateway.close(),
    async ask(asking) {
      const begun = now();
      const response = await gateway.fetch(requestFor(asking, apiKey));
      const body: unknown = await response.json();
      const ms = now() - begun;
      if (!response.ok) throw new AskError(response.status, messageIn(body));
      const { choices, usage, optimisation } = body as Completion;
      const record = await recordOf(response.headers.get('x-request-id') ?? '');
      const cost = costIn(record);
      return {
        text: choices[0]?.message.content ?? '',
        cutOff: choices[0]?.finish_reason === 'length',
        calls: optimisation?.calls ?? 1,
        inputTokens: usage.prompt_tokens,
        outputTokens: usage.completion_tokens,
        ms,
        ...(cost !== undefined && { cost }),
        warnings: optimisation?.warnings ?? [],
      };
    },
  };
}

function requestFor({ prompt, model, technique, maxTokens }: Asking, apiKey: string): Request {
  return new Request('http://localhost/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      messages: [{ role: 'user', content: prompt }],
      optimisation: technique,
      ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    }),
  });
}

function messageIn(body: unknown): string {
  const { error } = body as { error?: { message?: string } };
  return error?.message ?? 'an error without a message';
}

/** The record that the gateway logs of each request has what it cost, where the price is known. */
function records(): { logger: Logger; recordOf(requestId: string): Promise<LogFields | undefined> } {
  const kept = new Map<string, LogFields>();
  const nothing = () => {};
  return {
    logger: {
      debug: nothing,
      info: (message, fields = {}) => {
        if (message === 'request') kept.set(String(fields.requestId), fields);
      },
      warn: nothing,
      error: nothing,
      line: nothing,
    },
    async recordOf(requestId) {
      // It is logged when the last byte has gone out, the first one when what renders it has been loaded.
      for (let i = 0; i < 500 && !kept.has(requestId); i += 1) await setTimeout(10);
      const record = kept.get(requestId);
      kept.delete(requestId);
      return record;
    },
  };
}

/** A decimal number of dollars; a gateway that knows no prices has none. */
export function costIn(record: LogFields | undefined): string | undefined {
  const cost = record?.costUsd;
  return typeof cost === 'string' && /^\d+(?:\.\d+)?$/.test(cost) ? cost : undefined;
}
