import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { readConfig } from './config.ts';
import { createGateway } from './gateway.ts';
import { type StreamingRuntime, streamWebResponse, surviveRejections } from './runtime/execution-mode.ts';
import { type FunctionUrlEvent, toRequest } from './runtime/function-url.ts';
import type { InvocationScope } from './runtime/invocation-limits.ts';
import { createLogger, errorFields } from './telemetry/logger.ts';

/**
 * The function. This file alone reads the environment and touches `awslambda`, which the runtime has made
 * global before it loads the file. A setting that cannot be used stops the start and is named in the log.
 */
const config = readConfig(process.env);
const logger = createLogger(config.logLevel);
if (process.env.AWS_BEARER_TOKEN_BEDROCK && process.env.AWS_ACCESS_KEY_ID)
  logger.warn('AWS_BEARER_TOKEN_BEDROCK is set and not used: the role of the function signs the calls');
const gateway = createGateway({ config, logger });
const report = (error: unknown) => logger.error('invocation failed', errorFields(error));
surviveRejections(report);

const answer = (event: FunctionUrlEvent, context: Context, { signal, deadline }: InvocationScope) =>
  gateway.fetch(toRequest(event, signal), { deadline, requestId: context.awsRequestId });

/** Answers Function URL events. The keys are fetched while Lambda still starts the environment. */
export const handler = middy(answer as never, {
  beforePrefetch: () => void gateway.warm(),
  executionMode: streamWebResponse(awslambda as unknown as StreamingRuntime, report),
});
