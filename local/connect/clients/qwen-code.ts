import { join } from 'node:path';
import {
  type Client,
  keyFile,
  keyVariable,
  ownVariable,
  providerName,
  theKey,
  withoutVersion,
} from './client.ts';

/** https://qwenlm.github.io/qwen-code-docs/en/users/configuration/model-providers */
export const qwenCode: Client = {
  name: 'qwen-code',
  title: 'Qwen Code',
  apis: ['chat', 'messages'],
  verified: '@qwen-code/qwen-code 0.24.4',
  start: 'qwen',
  keyVariable: ownVariable,
  keyMayStayOut: true,
  need({ api, baseUrl, model }, key, { home }) {
    const folder = join(home, '.qwen');
    const [auth, url] = api === 'messages' ? ['anthropic', withoutVersion(baseUrl)] : ['openai', baseUrl];
    const vendor = auth.toUpperCase();
    return {
      files: [
        {
          paths: [join(folder, 'settings.json')],
          format: 'jsonc',
          entries: [
            {
              at: ['modelProviders', auth, { item: { name: providerName } }],
              value: { id: model, name: providerName, baseUrl: url, envKey: ownVariable },
            },
            { at: ['security', 'auth', 'selectedType'], value: auth },
            { at: ['model', 'name'], value: model },
          ],
        },
        ...keyFile(join(folder, '.env'), key),
      ],
      variables: keyVariable(key),
      insteadOfFiles: [
        { name: `${vendor}_BASE_URL`, value: url },
        { name: `${vendor}_API_KEY`, value: theKey },
        { name: `${vendor}_MODEL`, value: model },
      ],
    };
  },
};
