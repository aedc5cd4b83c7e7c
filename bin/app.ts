import { App } from 'aws-cdk-lib';
import { GatewayStack } from '../lib/gateway-stack.ts';
import { readSettings, SettingsError } from '../lib/settings.ts';

const app = new App();
try {
  new GatewayStack(app, readSettings(app.node.getAllContext()));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exit(1);
}
