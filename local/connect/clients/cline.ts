import { join } from 'node:path';
import { type Client, keyVariable, ownVariable, theKey } from './client.ts';

const provider = 'openai-compatible';

/** `cline auth --help`, and what it writes. The extension for editors asks for the same in its settings. */
export const cline: Client = {
  name: 'cline',
  title: 'Cline',
  apis: ['chat'],
  verified: 'cline 3.0.65',
  start: 'cline',
  keyVariable: ownVariable,
  keyMayStayOut: false,
  need({ baseUrl, model }, key, { home, env }) {
    const folder = env.CLINE_DIR ?? join(home, '.cline');
    const at = (...names: string[]) => ['providers', provider, ...names];
    return {
      files:
        key.in === 'environment'
          ? []
          : [
              {
                paths: [join(folder, 'data', 'settings', 'providers.json')],
                format: 'jsonc',
                secret: true,
                entries: [
                  { at: ['version'], value: 1, ifMissing: true },
                  { at: ['lastUsedProvider'], value: provider },
                  { at: at('settings', 'provider'), value: provider },
                  { at: at('settings', 'apiKey'), value: key.text },
                  { at: at('settings', 'model'), value: model },
                  { at: at('settings', 'baseUrl'), value: baseUrl },
                  { at: at('updatedAt'), value: '2026-01-01T00:00:00.000Z', ifMissing: true, kept: true },
                  { at: at('tokenSource'), value: 'manual' },
                ],
              },
            ],
      variables: keyVariable(key),
      commands: [
        [
          'cline',
          'auth',
          '--provider',
          'openai',
          '--baseurl',
          baseUrl,
          '--modelid',
          model,
          '--apikey',
          theKey,
        ],
      ],
      notes: [
        'In the extension for VS Code or JetBrains: Settings → API Provider “OpenAI Compatible”, with this base URL, key and model id.',
      ],
    };
  },
};
