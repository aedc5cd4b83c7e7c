import type { IncomingHttpHeaders } from 'node:http';
import type { ExceptionName } from '../errors.ts';
import type { World } from '../world.ts';

/** A call of one of the account's other services, whose signature has been looked at. */
export interface AccountCall {
  headers: IncomingHttpHeaders;
  body: string;
  /** What the request is signed for. */
  region: string;
  accessKeyId: string;
  world: World;
}

/** A service beside Bedrock. On AWS each has a host of its own, here a folder of the simulator's URL. */
export interface AccountService {
  /** The last part of `AWS_ENDPOINT_URL_…`, in lower case, and the service that requests are signed for. */
  name: string;
  /** The operation that is asked for, if there is such a one. */
  operationOf(call: AccountCall): string | undefined;
  /** Throws ServiceError. */
  run(operation: string, call: AccountCall): string;
  contentType: string;
  /** The body of a refusal, in the service's own form. */
  refusal(error: ServiceError, requestId: string): string;
  /** What a fault of the front door, and one that a test asks for, is called here. */
  codes: Partial<Record<ExceptionName, { code: string; status: number }>>;
}

/** Thrown wherever such a service refuses a call. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
  }
}
