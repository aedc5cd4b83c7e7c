/** S3's errors and their HTTP status (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */
const statuses = {
  AccessDenied: 403,
  EntityTooSmall: 400,
  InvalidArgument: 400,
  InvalidBucketName: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  KeyTooLongError: 400,
  MalformedXML: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  MissingSecurityHeader: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  XAmzContentSHA256Mismatch: 400,
} as const;

export type S3Code = keyof typeof statuses;

/** Thrown wherever a call of S3 is refused; rendered as S3 does, in XML. */
export class S3Refusal extends Error {
  readonly code: S3Code;

  constructor(code: S3Code, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }

  get status(): number {
    return statuses[this.code];
  }
}

export const noSuchBucket = () => new S3Refusal('NoSuchBucket', 'The specified bucket does not exist');
export const noSuchKey = () => new S3Refusal('NoSuchKey', 'The specified key does not exist.');
export const accessDenied = () => new S3Refusal('AccessDenied', 'Access Denied');
