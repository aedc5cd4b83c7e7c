/** Bedrock's exceptions and their HTTP status (Smithy model of bedrock-runtime 2023-09-30). */
export const exceptions = {
  ValidationException: 400,
  SerializationException: 400,
  IncompleteSignatureException: 400,
  ServiceQuotaExceededException: 400,
  ConflictException: 400,
  TextSizeLimitExceededException: 400,
  UnsupportedLanguageException: 400,
  AccessDeniedException: 403,
  ExpiredTokenException: 403,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  UnrecognizedClientException: 403,
  ResourceNotFoundException: 404,
  UnknownOperationException: 404,
  ModelTimeoutException: 408,
  ModelErrorException: 424,
  ModelStreamErrorException: 424,
  ModelNotReadyException: 429,
  ThrottlingException: 429,
  InternalServerException: 500,
  ServiceUnavailableException: 503,
} as const;

export type ExceptionName = keyof typeof exceptions;

/** Exceptions as frames spell them. Without streaming there is no ModelStreamErrorException. */
const streamExceptions: Readonly<Record<string, ExceptionName>> = {
  ...Object.fromEntries(
    Object.keys(exceptions).map((name) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      name as ExceptionName,
    ]),
  ),
  modelStreamErrorException: 'ModelErrorException',
};

export const isStreamException = (type: string): boolean => Object.hasOwn(streamExceptions, type);
export const exceptionOfStream = (type: string): ExceptionName =>
  streamExceptions[type] ?? 'InternalServerException';

/** Errors of the front door carry another namespace in `x-amzn-errortype` than the service's own (recorded). */
const frontDoor = new Set<ExceptionName>([
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
  'SerializationException',
  'UnknownOperationException',
]);

export const isFrontDoor = (exception: ExceptionName): boolean => frontDoor.has(exception);

/** Thrown wherever a call is refused; the server renders it as AWS does. */
export class BedrockError extends Error {
  readonly exception: ExceptionName;
  readonly extra: Record<string, unknown>;

  constructor(exception: ExceptionName, message: string, extra: Record<string, unknown> = {}) {
    super(message);
    this.name = exception;
    this.exception = exception;
    this.extra = extra;
  }

  get status(): number {
    return exceptions[this.exception];
  }

  get errorType(): string {
    const namespace = frontDoor.has(this.exception) ? 'com.amazon.coral.service' : 'com.amazon.bedrock';
    return `${this.exception}:http://internal.amazon.com/coral/${namespace}/`;
  }
}

/** A 400 with the service's own text. */
export const invalid = (message: string): BedrockError => new BedrockError('ValidationException', message);

/** A 400 whose text comes from the model's provider and is passed on by Bedrock behind a fixed prefix. */
export const modelSays = (message: string): BedrockError =>
  invalid(`The model returned the following errors: ${message}`);

export const invalidIdentifier = (): BedrockError => invalid('The provided model identifier is invalid.');
