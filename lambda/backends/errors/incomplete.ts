import { GatewayError } from '../../errors.ts';

/** What Bedrock said instead of an answer, where it said something. */
interface Said {
  name?: string;
  message?: string;
}

export function endedEarly(requestId: string | undefined): GatewayError {
  return incomplete(
    'The stream of Amazon Bedrock ended before the answer was complete. Please try again.',
    requestId,
  );
}

export function notAnAnswer(requestId: string | undefined, said?: Said): GatewayError {
  return incomplete(
    'Amazon Bedrock answered with something other than an answer. Please try again; if it goes on, the gateway’s operator has to check its endpoint.',
    requestId,
    said,
  );
}

function incomplete(
  what: string,
  requestId: string | undefined,
  { name = 'IncompleteAnswer', message = '' }: Said = {},
): GatewayError {
  return new GatewayError({
    status: 502,
    reason: 'connection',
    code: 'bad_gateway',
    message: what,
    mayHaveRun: true,
    upstream: { name, message, status: 200, requestId },
  });
}
