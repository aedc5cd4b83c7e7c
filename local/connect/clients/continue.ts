import { join } from 'node:path';
import { type Client, keyFile, keyVariable, ownVariable, providerName } from './client.ts';

/** https://docs.continue.dev/reference; `secrets` come from the environment and from `.env` beside the file. */
export const continueDev: Client = {
  name: 'continue',
  title: 'Continue',
  apis: ['chat', 'messages'],
  verified: '@continuedev/cli 1.5.47',
  start: 'cn',
  keyVariable: ownVariable,
  keyMayStayOut: true,
  need({ api, baseUrl, model }, key, { home, env }) {
    const folder = env.CONTINUE_GLOBAL_DIR ?? join(home, '.continue');
    const value = {
      name: providerName,
      provider: api === 'messages' ? 'anthropic' : 'openai',
      model,
      apiBase: baseUrl,
      apiKey: `\${{ secrets.${ownVariable} }}`,
      roles: ['chat', 'edit', 'apply'],
      // Continue guesses what a model can do by its name, and does not know every name of Bedrock's.
      capabilities: ['tool_use', 'image_input'],
    };
    return {
      files: [
        {
          paths: [join(folder, 'config.yaml')],
          format: 'yaml',
          entries: [
            { at: ['name'], value: 'Local', ifMissing: true },
            { at: ['version'], value: '1.0.0', ifMissing: true },
            { at: ['schema'], value: 'v1', ifMissing: true },
            { at: ['models', { item: { name: providerName } }], value },
          ],
        },
        ...keyFile(join(folder, '.env'), key),
      ],
      variables: keyVariable(key),
    };
  },
};
