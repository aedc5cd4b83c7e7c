/** The one summary of a request, filled in as it goes and logged when its last byte has gone out. */
export interface RequestRecord {
  requestId: string;
  api?: string;
  key?: string;
  stream?: boolean;
  modelAsked?: string;
  modelUsed?: string;
  region?: string;
  status?: number;
  errorCode?: string;
  errorReason?: string;
  upstreamRequestId?: string;
  /** Calls that repeated one to the same model: after a failure, or with a repaired request. */
  retries?: number;
  /** Steps of the fallback chain that were tried or passed over. */
  attempts?: number;
  inputTokens?: number;
  outputTokens?: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
  /** Milliseconds from the request's arrival. */
  firstByteMs?: number;
  totalMs?: number;
}

/** What a request failed with. */
interface Failure {
  reason: string;
  code: string | null;
  upstream?: { requestId?: string } | undefined;
}

export function recordError(record: RequestRecord, { reason, code, upstream }: Failure): void {
  record.errorReason = reason;
  if (code) record.errorCode = code;
  if (upstream?.requestId) record.upstreamRequestId = upstream.requestId;
}
