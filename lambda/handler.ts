import middy from '@middy/core';
import { errorFormatFor } from './apis/error-formats.ts';
import { readConfig } from './config.ts';
import { createGateway } from './gateway.ts';
import {
  type StreamingRuntime,
  streamWebResponse,
  surviveRejections,
  untilStopped,
} from './runtime/execution-mode.ts';
import { type FunctionUrlEvent, toRequest } from './runtime/function-url.ts';
import type { InvocationContext } from './runtime/invocation.ts';
import { invocationLimits } from './runtime/invocation-limits.ts';
import { lastResort } from './runtime/last-resort.ts';
import { pendingWork } from './runtime/pending-work.ts';
import { readAhead } from './runtime/read-ahead.ts';
import { createLogger, errorFields } from './telemetry/logger.ts';

/**
 * The function. This file alone reads the gateway's settings from the environment and touches `awslambda`, which the
 * runtime has made global before it loads the file. A setting that cannot be used stops the start and is named in
 * the log.
 */
const config = readConfig(process.env);
const logger = createLogger(config.logLevel);
if (process.env.AWS_BEARER_TOKEN_BEDROCK && process.env.AWS_ACCESS_KEY_ID)
  logger.warn('AWS_BEARER_TOKEN_BEDROCK is set and not used: the role of the function signs the calls');
const gateway = createGateway({ config, logger });
const report = (error: unknown) => logger.error('invocation failed', errorFields(error));
surviveRejections(report);

const answer = (event: FunctionUrlEvent, { invocation, awsRequestId }: InvocationContext) => {
  const { signal, deadline, waitUntil } = invocation;
  const request = toRequest(event, signal);
  return untilStopped(gateway.fetch(request, { deadline, waitUntil, requestId: awsRequestId }), signal);
};

/** Answers Function URL events. */
export const handler = middy({
  executionMode: streamWebResponse(awslambda as unknown as StreamingRuntime, report),
})
  .use(readAhead(() => gateway.warm()))
  .use(invocationLimits())
  .use(pendingWork({ report }))
  .use(lastResort({ report, formatFor: errorFormatFor }))
  .handler(answer as never);
