import { join } from 'node:path';
import { type Client, keyFile, keyVariable, ownVariable, providerId, providerName } from './client.ts';

/** https://developers.openai.com/codex/config-advanced; of `.env` Codex reads all but what begins with CODEX_. */
export const codex: Client = {
  name: 'codex',
  title: 'Codex CLI',
  apis: ['responses'],
  verified: '@openai/codex 0.171.0',
  start: 'codex',
  keyVariable: ownVariable,
  keyMayStayOut: true,
  need({ baseUrl, model }, key, { home, env }) {
    const folder = env.CODEX_HOME ?? join(home, '.codex');
    return {
      files: [
        {
          paths: [join(folder, 'config.toml')],
          format: 'toml',
          entries: [
            { at: ['model'], value: model },
            { at: ['model_provider'], value: providerId },
            {
              at: ['model_providers', providerId],
              value: {
                name: providerName,
                base_url: baseUrl,
                env_key: ownVariable,
                wire_api: 'responses',
              },
            },
          ],
        },
        ...keyFile(join(folder, '.env'), key),
      ],
      variables: keyVariable(key),
    };
  },
};
