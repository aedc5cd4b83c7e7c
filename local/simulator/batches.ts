import { bucketNames } from './s3/store.ts';

/** The setting BATCHES of a gateway on the simulator: what a stack with batches would have made. */
export const simulatedBatches = JSON.stringify({
  bucket: bucketNames.own,
  region: 'us-east-1',
  roleArn: 'arn:aws:iam::123456789012:role/bedrock-gateway-batches',
  inputs: `${bucketNames.inputs}/`,
});
