import type { Io } from './io.ts';
import { simulatedBatches } from './simulator/batches.ts';

/** The simulator’s table that counts what keys with limits have used. */
export const localTable = 'bedrock-gateway';
const keyId = 'AKIASIMULATOR0000000';

/** Whether the environment is that of the simulator. */
export const isOnSimulator = (env: Io['env']): boolean => env.AWS_ACCESS_KEY_ID === keyId;

/** The simulator takes any credentials; the SDK finds it by the variables it reads anyway. */
export function useSimulator(url: string, env: Io['env']): void {
  Object.assign(env, {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
    AWS_ENDPOINT_URL_BEDROCK_MANTLE: url,
    AWS_ENDPOINT_URL_BEDROCK: url,
    AWS_ENDPOINT_URL_DYNAMODB: url,
    LIMITS_TABLE: env.LIMITS_TABLE ?? localTable,
    AWS_ENDPOINT_URL_COMPREHEND: url,
    AWS_ENDPOINT_URL_STS: `${url}/sts`,
    AWS_ENDPOINT_URL_CLOUDFORMATION: `${url}/cloudformation`,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `${url}/secretsmanager`,
    AWS_ENDPOINT_URL_S3: url,
    BATCHES: env.BATCHES ?? simulatedBatches,
    AWS_REGION: env.AWS_REGION ?? 'us-east-1',
    AWS_ACCESS_KEY_ID: keyId,
    AWS_SECRET_ACCESS_KEY: 'simulator',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  delete env.AWS_PROFILE;
  delete env.AWS_SESSION_TOKEN;
  delete env.AWS_BEARER_TOKEN_BEDROCK;
}
