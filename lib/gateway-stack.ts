import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ApiKey } from './api-key.ts';
import { Batches } from './batches.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { Settings } from './settings.ts';

/** The whole gateway. Belongs to no account or region until it is deployed. */
export class GatewayStack extends Stack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, settings.stackName, {
      description: 'Bedrock Gateway: models on Amazon Bedrock behind the OpenAI API',
    });
    const apiKey = new ApiKey(this, 'ApiKey', { secretArn: settings.apiKeySecretArn });
    const batches = settings.batches ? new Batches(this, 'Batches', { settings }) : undefined;
    const gateway = new GatewayFunction(this, 'Gateway', { settings, secretArn: apiKey.secretArn, batches });
    this.output('BaseUrl', `${gateway.url}v1`, 'Base URL for OpenAI clients');
    this.output('ApiKeySecretArn', apiKey.secretArn, 'The secret with the API key');
    this.output('ApiKeyCommand', apiKey.command, 'Prints the API key');
    if (batches)
      this.output('BatchesBucket', batches.bucketName, 'The bucket with files, batches and results');
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
