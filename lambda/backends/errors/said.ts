import type { Fault } from './fault.ts';
import type { ErrorContext } from './row.ts';
import { showable } from './showable.ts';

/** What may be said of a fault: all that the rows of the table know when they word a message. */
export interface Said {
  name: string;
  message: string;
  originalMessage?: string;
  /** HTTP status; none within a stream. */
  status?: number;
  /** The region of the resource that a policy denies; `any` where it names none, as for global profiles. */
  deniedIn?: string;
}

/** The fault without what identifies the AWS account. */
export function saidBy({ name, message, originalMessage, status }: Fault, { wrote }: ErrorContext): Said {
  const shown = (text: string) => showable(text, wrote ?? (() => false));
  const region = /on resource: arn:[a-z-]+:bedrock:([a-z0-9-]{0,30}):/.exec(message)?.[1];
  return {
    name: /^\w{1,80}$/.test(name) ? name : 'an unknown error',
    message: shown(message),
    ...(status !== undefined && { status }),
    ...(originalMessage !== undefined && { originalMessage: shown(originalMessage) }),
    ...(region !== undefined && { deniedIn: region === '' ? 'any' : region }),
  };
}

/** Bedrock's own words about a request that it refuses, where there are any. */
export const ownWords = ({ message, status }: Said): string =>
  message ||
  `Amazon Bedrock refused the request${status === undefined ? '' : ` with status ${status}`} and gave no reason ` +
    'that can be shown. The gateway’s operator finds it in AWS by the request id.';
