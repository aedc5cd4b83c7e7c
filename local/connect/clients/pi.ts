import { join } from 'node:path';
import { type ApiName, type Client, keyVariable, ownVariable, providerId, withoutVersion } from './client.ts';

const kinds: Readonly<Record<ApiName, string>> = {
  chat: 'openai-completions',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
};

/** docs/models.md, docs/settings.md and docs/providers.md of the package */
export const pi: Client = {
  name: 'pi',
  title: 'pi',
  apis: ['chat', 'responses', 'messages'],
  verified: '@mariozechner/pi-coding-agent 0.73.1',
  start: 'pi',
  keyVariable: ownVariable,
  keyMayStayOut: true,
  need({ api, baseUrl, model }, key, { home, env }) {
    const folder = env.PI_CODING_AGENT_DIR ?? join(home, '.pi', 'agent');
    const value = {
      baseUrl: api === 'messages' ? withoutVersion(baseUrl) : baseUrl,
      api: kinds[api],
      // The name of a variable; what stands in auth.json wins over it.
      apiKey: ownVariable,
      models: [{ id: model, reasoning: true, input: ['text', 'image'] }],
    };
    return {
      files: [
        {
          paths: [join(folder, 'models.json')],
          format: 'jsonc',
          entries: [{ at: ['providers', providerId], value }],
        },
        {
          paths: [join(folder, 'settings.json')],
          format: 'jsonc',
          entries: [
            { at: ['defaultProvider'], value: providerId },
            { at: ['defaultModel'], value: model },
          ],
        },
        ...(key.in === 'file'
          ? [
              {
                paths: [join(folder, 'auth.json')] as const,
                format: 'jsonc' as const,
                secret: true,
                entries: [{ at: [providerId], value: { type: 'api_key', key: key.text } }],
              },
            ]
          : []),
      ],
      variables: keyVariable(key),
    };
  },
};
