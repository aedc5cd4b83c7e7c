import { field, type Note, type Spell, written } from './fields.ts';

/**
 * Why something failed, in the gateway's own words: what retry and fallback decide by. `backends/errors/` turns
 * AWS's names and texts into these. AWS's own texts are read again only where a reason is too coarse for what has
 * to be decided: in `engine/repairs/`, `engine/guarded-texts.ts` and `models/profiles/choice.ts`.
 */
export type Reason =
  | 'bad_request'
  | 'unsupported'
  | 'context_overflow'
  | 'unauthenticated'
  | 'forbidden'
  | 'access_denied'
  | 'model_not_found'
  | 'end_of_life'
  | 'throttled'
  | 'quota_exceeded'
  | 'not_ready'
  | 'overloaded'
  | 'timeout'
  | 'deadline'
  | 'model_error'
  | 'upstream_auth'
  | 'connection'
  /** The request has made all the calls that one request may make. */
  | 'calls_used_up'
  /** The key, or its team, has made the requests that it may make now. */
  | 'over_limit'
  /** It has spent its money. */
  | 'over_budget'
  | 'aborted'
  | 'internal';

/** Every code that an error may have, in the order of `docs/operations.md`, which says what each means. */
export const errorCodes = [
  'missing_required_parameter',
  'unsupported_parameter',
  'unknown_parameter',
  'previous_response_not_found',
  'content_filter',
  'moderation_blocked',
  'context_length_exceeded',
  'invalid_model_name',
  'ambiguous_model_name',
  'model_not_supported',
  'inference_profile_required',
  'unsupported_model',
  'unknown_technique',
  'invalid_technique',
  'technique_not_enabled',
  'optimisation_budget_exceeded',
  'invalid_credentials',
  'invalid_api_key',
  'invalid_aws_credentials',
  'model_not_allowed',
  'model_not_priced',
  'admin_key_required',
  'budget_not_enforceable',
  'technique_not_allowed',
  'model_access_denied',
  'listing_denied',
  'model_not_found',
  'file_not_found',
  'batch_not_found',
  'unknown_url',
  'method_not_allowed',
  'request_too_large',
  'rate_limit_exceeded',
  'insufficient_quota',
  'optimisation_budget_exhausted',
  'client_closed_request',
  'request_aborted',
  'upstream_auth',
  'upstream_error',
  'guardrail_unavailable',
  'feature_unavailable',
  'internal_error',
  'bad_gateway',
  'batch_failed',
  'model_error',
  'malformed_tool_use',
  'malformed_model_output',
  'overloaded',
  'calls_used_up',
  'model_not_ready',
  'api_keys_unavailable',
  'limits_unavailable',
  'role_unavailable',
  'store_unavailable',
  'timeout',
  'deadline_exceeded',
] as const;
/** Bedrock may come to call answers broken in further ways. */
export type ErrorCode = (typeof errorCodes)[number] | `malformed_${string}`;

export interface GatewayErrorInit {
  status: number;
  reason: Reason;
  message: string | Note;
  code?: ErrorCode;
  facts?: ErrorFacts | undefined;
  /** What of the request is at fault: a field, or the path that the client wrote, e.g. `messages[0].content`. */
  param?: Note;
  /** Milliseconds the client should wait. */
  retryAfterMs?: number;
  /** The model may have run, so tokens may be billed: the same request must not be sent to it again. */
  mayHaveRun?: boolean;
  /**
   * The failure says something about the model or its region that any other request would meet as well.
   * Absent: this request may have brought it upon itself.
   */
  ofModel?: boolean;
  cause?: unknown;
  upstream?: Upstream;
}

/** What is known of a failure beside its message, for APIs whose clients look for other words. */
export interface ErrorFacts {
  /** The name of the model that is not there, as the client wrote it. */
  missingModel?: string;
  overflow?: Overflow;
  /** Which of a key's limits has been reached. */
  limited?: 'requests' | 'tokens' | 'money';
  /** What a client's program acts on, in the words of its own API. */
  details?: Readonly<Record<string, string | readonly string[]>>;
}

/** How a conversation is too long. */
export interface Overflow {
  /** Tokens of the prompt, where they were counted. */
  tokens?: number;
  /** Tokens that are left for the answer that was asked for, where that is what does not fit any more. */
  output?: number;
  /** Tokens that the model takes. */
  limit?: number;
  /** Bedrock's words, as they may be shown. */
  said: string;
}

/** What Bedrock said, for logs, repair and fallback; `message` is its text and is never rendered as such. */
export interface Upstream {
  name: string;
  message: string;
  status?: number;
  requestId?: string;
  /** Milliseconds Bedrock itself asked to wait; the error's own `retryAfterMs` may be the gateway's advice. */
  retryAfterMs?: number;
}

/** The one error that clients see. It knows no API: each renders it in its own form (`ErrorFormat` in `apis/api.ts`). */
export class GatewayError extends Error {
  readonly #init: GatewayErrorInit;
  readonly status: number;
  readonly reason: Reason;
  readonly code: ErrorCode | null;
  /** `message` as it was given, with the fields that it names. */
  readonly text: string | Note;
  /** What is at fault, as it was given; `param` is the same in words. */
  readonly at: Note | undefined;
  readonly param: string | null;
  readonly retryAfterMs: number | undefined;
  readonly mayHaveRun: boolean;
  readonly ofModel: boolean;

  constructor(init: GatewayErrorInit) {
    super(String(init.message), init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'GatewayError';
    this.#init = init;
    this.status = init.status;
    this.reason = init.reason;
    this.code = init.code ?? null;
    this.text = init.message;
    this.at = init.param;
    this.param = init.param?.toString() ?? null;
    this.retryAfterMs = init.retryAfterMs;
    this.mayHaveRun = init.mayHaveRun ?? false;
    this.ofModel = init.ofModel ?? false;
  }

  /** Not a member of its own: AWS's words are not to get out with whoever prints or serialises the error. */
  get upstream(): Upstream | undefined {
    return this.#init.upstream;
  }

  get facts(): ErrorFacts {
    return this.#init.facts ?? {};
  }

  /** The same failure in the words of one client; itself when it names no field. */
  spelled(spell: Spell): GatewayError {
    const { message: text, param } = this.#init;
    const message = typeof text === 'string' ? text : text.spelled(spell);
    const path = param?.spelled(spell) ?? null;
    if (message === this.message && path === this.param) return this;
    const error = this.restated({ message, ...(path !== null && { param: written(path) }) });
    error.stack = this.stack;
    return error;
  }

  /** The same failure in other words: whatever else is known of it stays. */
  restated(words: Pick<GatewayErrorInit, 'message' | 'param' | 'cause'>): GatewayError {
    return new GatewayError({ ...this.#init, ...words });
  }
}

/** A 400 that names the parameter at fault. */
export function badRequest(message: string | Note, param?: Note, code?: ErrorCode): GatewayError {
  return new GatewayError({
    status: 400,
    reason: 'bad_request',
    message,
    param,
    code,
  });
}

/** A 400 for what is understood but cannot be honoured. */
export function unsupported(message: string | Note, param?: Note): GatewayError {
  return new GatewayError({
    status: 400,
    reason: 'unsupported',
    message,
    param,
    code: 'unsupported_parameter',
  });
}

export function modelNotFound(model: string, hint = ''): GatewayError {
  return new GatewayError({
    status: 404,
    reason: 'model_not_found',
    code: 'model_not_found',
    param: field('model'),
    facts: { missingModel: model },
    message: `The model \`${model}\` does not exist or you do not have access to it.${hint && ` ${hint}`}`,
  });
}

/** The 403 for whatever lies outside a key's scope, be it there or not. */
export function modelNotAllowed(model: string): GatewayError {
  return new GatewayError({
    status: 403,
    reason: 'forbidden',
    code: 'model_not_allowed',
    param: field('model'),
    message: `This API key may not use the model \`${model}\`. GET /v1/models lists the models that it may use.`,
  });
}

/** Anything that is not a GatewayError is a fault of ours: the client learns that, and nothing of its text. */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError({
    status: 500,
    reason: 'internal',
    message: 'The gateway failed to process the request. The request id identifies it in the gateway’s logs.',
    code: 'internal_error',
    cause: error,
  });
}
