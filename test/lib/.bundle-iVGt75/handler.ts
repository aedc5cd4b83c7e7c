import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Hono } from 'hono';
import { readConfig } from '../../../lambda/config.ts';
export const handler = async () => {
  const { BedrockClient } = await import('@aws-sdk/client-bedrock');
  const options = { region: readConfig({}).region, requestHandler: new NodeHttpHandler() };
  const clients = [BedrockRuntimeClient, BedrockClient, SecretsManagerClient].map(
    (Client) => new Client(options),
  );
  return [typeof middy, typeof new Hono().fetch, await clients[1].config.region(), clients.length].join();
};
