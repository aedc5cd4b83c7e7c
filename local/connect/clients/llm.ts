import { join } from 'node:path';
import { type Client, keyVariable, ownVariable, type Places, providerId, theKey } from './client.ts';

/** https://llm.datasette.io/en/stable/other-models.html#openai-compatible-models and /keys.html */
export const llm: Client = {
  name: 'llm',
  title: 'llm',
  apis: ['chat'],
  verified: 'llm 0.36',
  start: `llm -m ${providerId} "Hello"`,
  keyVariable: ownVariable,
  keyMayStayOut: false,
  need({ baseUrl, model }, key, places) {
    const folder = places.env.LLM_USER_PATH ?? userFolder(places);
    return {
      files: [
        {
          paths: [join(folder, 'extra-openai-models.yaml')],
          format: 'yaml',
          entries: [
            {
              at: [{ item: { model_id: providerId } }],
              value: {
                model_id: providerId,
                model_name: model,
                api_base: baseUrl,
                api_key_name: providerId,
                supports_tools: true,
                supports_schema: true,
                vision: true,
              },
            },
          ],
        },
        ...(key.in === 'file'
          ? [
              {
                paths: [join(folder, 'keys.json')] as const,
                format: 'jsonc' as const,
                secret: true,
                entries: [{ at: [providerId], value: key.text }],
              },
            ]
          : []),
      ],
      variables: keyVariable(key),
      commands: key.in === 'file' ? [] : [['llm', 'keys', 'set', providerId, '--value', theKey]],
    };
  },
};

/** `click.get_app_dir("io.datasette.llm")` */
function userFolder({ platform, home, env }: Places): string {
  const name = 'io.datasette.llm';
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), name);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', name);
  return join(env.XDG_CONFIG_HOME ?? join(home, '.config'), name);
}
