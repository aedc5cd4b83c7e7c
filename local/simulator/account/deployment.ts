import type { World } from '../world.ts';

/** What `cdk deploy` has left in the simulated account, in its home region. */
export interface Deployment {
  stackName: string;
  /** Ends in /v1. */
  baseUrl: string;
  /** What the secret with the API key holds. */
  secret: string;
}

export const defaultDeployment: Deployment = {
  stackName: 'BedrockGateway',
  baseUrl: 'https://abcdefghijklmnopqrstuvwxyz234567.lambda-url.us-east-1.on.aws/v1',
  secret: 'SimulatedKeyOfADeployedGateway0123456789abcdefgh',
};

export const secretName = 'ApiKeySecret6F0CB6A9-AbCdEfGhIjKl';

export const secretArn = ({ region, account }: World): string =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${secretName}-mNoPqR`;

export const stackArn = ({ region, account, deployment }: World): string =>
  `arn:aws:cloudformation:${region}:${account}:stack/${deployment.stackName}/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0`;
