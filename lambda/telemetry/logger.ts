/**
 * One JSON object a line on standard output, as CloudWatch Logs takes it. Own code because it is these few
 * lines: a logging library costs 21 KB of every cold start.
 */
export type Level = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What a line has besides its own three fields, which it cannot replace. */
export type LogFields = Record<string, unknown> & { level?: never; time?: never; message?: never };

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** What is no message but for CloudWatch to read: it goes out at every level but `silent`. */
  line(value: object): void;
}

const ranks: Record<Level, number> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 };

export function createLogger(
  level: Level,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Logger {
  const put = (value: object) => write(`${JSON.stringify(value)}\n`);
  const at =
    (own: Exclude<Level, 'silent'>) =>
    (message: string, fields: LogFields = {}) => {
      if (ranks[own] < ranks[level]) return;
      put({ level: own, time: new Date().toISOString(), message, ...fields });
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    line: (value) => level !== 'silent' && put(value),
  };
}

/** A fault of the gateway's own: the client learns that there was one, the log what it was. */
export function logUnexpected(logger: Logger, error: unknown, requestId: string): void {
  logger.error('unexpected error', { requestId, ...errorFields(error) });
}

/** An error for a log line: what went wrong and where in our code, never what was asked or answered. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause instanceof Error ? errorFields(error.cause) : undefined;
  const { stack = '', message } = error;
  const trace = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const frames = trace.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return {
    error: error.name,
    errorMessage: withoutQuotes(error).slice(0, 500),
    stack: frames.slice(0, 8).map((line) => line.trim()),
    ...(cause && { cause }),
  };
}

/**
 * The message without what it quotes: JSON.parse repeats the text that it could not read, and AWS, to explain a
 * refused signature, everything that was signed, the session token included; and without the roles, resources and
 * accounts that AWS names with every refusal.
 */
function withoutQuotes({ name, message }: Error): string {
  if (name === 'SyntaxError') return message.replace(/["'`].*/s, '(…)');
  return message
    .replace(/The Canonical String for this request should have been.*/s, '(…)')
    .replace(/\b(?:AKIA|ASIA)[A-Z0-9]{4,}\b/g, '(access key id)')
    .replace(/\barn:[^\s,]+|\b\d{12}\b/g, '…');
}
