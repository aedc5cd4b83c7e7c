import { join } from 'node:path';
import type { Json } from '../files/format.ts';
import { type ApiName, type Client, keyVariable, ownVariable, providerId, providerName } from './client.ts';

/** The packages of the AI SDK that are part of the program, by what they speak. */
const packages: Readonly<Record<ApiName, string>> = {
  chat: '@ai-sdk/openai-compatible',
  responses: '@ai-sdk/openai',
  messages: '@ai-sdk/anthropic',
};

/** https://opencode.ai/docs/providers and /config, which Kilo's command line shares (https://kilo.ai/docs/cli). */
function ofFamily(
  program: string,
  names: readonly [string, ...string[]],
  client: Pick<Client, 'name' | 'title' | 'verified' | 'start'>,
): Client {
  return {
    ...client,
    apis: ['chat', 'responses', 'messages'],
    keyVariable: ownVariable,
    keyMayStayOut: true,
    need({ api, baseUrl, model }, key, { home, env }) {
      const config = env.XDG_CONFIG_HOME ?? join(home, '.config');
      const data = env.XDG_DATA_HOME ?? join(home, '.local', 'share');
      const [first, ...more] = names;
      const path = (name: string) => join(config, program, name);
      const options: Json =
        key.in === 'file' ? { baseURL: baseUrl } : { baseURL: baseUrl, apiKey: `{env:${ownVariable}}` };
      return {
        files: [
          {
            paths: [path(first), ...more.map(path)],
            format: 'jsonc',
            entries: [
              {
                at: ['provider', providerId],
                value: { npm: packages[api], name: providerName, options, models: { [model]: {} } },
              },
              { at: ['model'], value: `${providerId}/${model}` },
            ],
          },
          ...(key.in === 'file'
            ? [
                {
                  paths: [join(data, program, 'auth.json')] as const,
                  format: 'jsonc' as const,
                  secret: true,
                  entries: [{ at: [providerId], value: { type: 'api', key: key.text } }],
                },
              ]
            : []),
        ],
        variables: keyVariable(key),
      };
    },
  };
}

export const opencode = ofFamily('opencode', ['opencode.json', 'opencode.jsonc'], {
  name: 'opencode',
  title: 'opencode',
  verified: 'opencode-ai 1.18.33',
  start: 'opencode',
});

export const kilo = ofFamily('kilo', ['kilo.jsonc', 'kilo.json'], {
  name: 'kilo',
  title: 'Kilo',
  verified: '@kilocode/cli 7.7.7',
  start: 'kilo',
});
