import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ApiKey } from './api-key.ts';
import { Batches } from './batches.ts';
import { GatewayFunction } from './gateway-function.ts';
import { LimitsTable } from './limits-table.ts';
import { Alarms } from './monitoring/alarms.ts';
import { addDashboard } from './monitoring/dashboard.ts';
import { GatewayMetrics } from './monitoring/gateway-metrics.ts';
import type { Settings } from './settings.ts';

/** The whole gateway. Belongs to no account or region until it is deployed. */
export class GatewayStack extends Stack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, settings.stackName, {
      description: 'Bedrock Gateway: models on Amazon Bedrock behind the OpenAI API',
    });
    const apiKey = new ApiKey(this, 'ApiKey', { secretArn: settings.apiKeySecretArn });
    const table = settings.limits || settings.store ? new LimitsTable(this, 'Limits') : undefined;
    const batches = settings.batches ? new Batches(this, 'Batches', { settings }) : undefined;
    const gateway = new GatewayFunction(this, 'Gateway', {
      settings,
      secretArn: apiKey.secretArn,
      limitsTableArn: settings.limits ? table?.tableArn : undefined,
      storeTableArn: settings.store ? table?.tableArn : undefined,
      batches,
    });
    if (settings.metrics) this.watch(settings, gateway);
    this.output('BaseUrl', `${gateway.url}v1`, 'Base URL for OpenAI clients');
    if (table && settings.limits)
      this.output('LimitsTableArn', table.tableArn, 'The table that counts what keys have used');
    if (table && settings.store)
      this.output('StoreTableArn', table.tableArn, 'The table that keeps answers of Responses');
    this.output('ApiKeySecretArn', apiKey.secretArn, 'The secret with the API key');
    this.output('ApiKeyCommand', apiKey.command, 'Prints the API key');
    if (batches)
      this.output('BatchesBucket', batches.bucketName, 'The bucket with files, batches and results');
  }

  private watch(settings: Settings, gateway: GatewayFunction): void {
    const { dashboard, alarms, alarmTopicArn: topicArn, timeoutSeconds, reservedConcurrency } = settings;
    const metrics = new GatewayMetrics(settings.stackName);
    if (dashboard) addDashboard(this, metrics, { byModel: settings.environment.METRIC_MODELS !== '0' });
    if (!alarms) return;
    new Alarms(this, 'Alarms', {
      metrics,
      function: gateway.function,
      logGroup: gateway.logGroup,
      thresholds: alarms,
      topicArn,
      timeoutSeconds,
      reservedConcurrency,
    });
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}
