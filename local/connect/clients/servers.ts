import { join } from 'node:path';
import { type Client, keyFile, keyVariable, ownVariable, providerName, theKey } from './client.ts';

/** For an address that means another machine inside a container. */
const containerNotes = (baseUrl: string): string[] => {
  const { hostname, port } = new URL(baseUrl);
  if (!['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return [];
  return [
    `In a container ${hostname} is the container itself: start the gateway with HOST=0.0.0.0, use http://host.docker.internal:${port}/v1, and on Linux run the container with --add-host=host.docker.internal:host-gateway.`,
  ];
};

/** https://docs.openwebui.com/getting-started/env-configuration */
export const openWebUi: Client = {
  name: 'open-webui',
  title: 'Open WebUI',
  apis: ['chat'],
  verified: 'open-webui 0.12.4 (its source)',
  start:
    'docker run -d -p 3000:8080 --env-file .env -v open-webui:/app/backend/data ghcr.io/open-webui/open-webui:main',
  keyVariable: 'OPENAI_API_KEY',
  keyMayStayOut: true,
  need({ baseUrl }, key, { folder }) {
    return {
      files: [
        {
          paths: [join(folder, '.env')],
          format: 'dotenv',
          secret: key.in === 'file',
          entries: [
            { at: ['OPENAI_API_BASE_URL'], value: baseUrl },
            ...(key.in === 'file' ? [{ at: ['OPENAI_API_KEY'], value: key.text }] : []),
          ],
        },
      ],
      variables: keyVariable(key, 'OPENAI_API_KEY'),
      insteadOfFiles: [
        { name: 'OPENAI_API_BASE_URL', value: baseUrl },
        { name: 'OPENAI_API_KEY', value: theKey },
      ],
      notes: [
        'It reads these at its first start only. Later: Admin Settings → Connections → OpenAI API, with this base URL and key. The models are listed by themselves.',
        ...containerNotes(baseUrl),
      ],
    };
  },
};

/** https://www.librechat.ai/docs/configuration/librechat_yaml/object_structure/custom_endpoint */
export const libreChat: Client = {
  name: 'librechat',
  title: 'LibreChat',
  apis: ['chat'],
  verified: 'librechat-data-provider 0.8.524 (its schema)',
  start: 'docker compose up -d',
  keyVariable: ownVariable,
  keyMayStayOut: true,
  need({ baseUrl, model }, key, { folder }) {
    return {
      files: [
        {
          paths: [join(folder, 'librechat.yaml')],
          format: 'yaml',
          entries: [
            { at: ['version'], value: '1.3.5', ifMissing: true },
            {
              at: ['endpoints', 'custom', { item: { name: providerName } }],
              value: {
                name: providerName,
                apiKey: `\${${ownVariable}}`,
                baseURL: baseUrl,
                models: { default: [model], fetch: true },
                titleConvo: true,
                titleModel: 'current_model',
              },
            },
          ],
        },
        ...keyFile(join(folder, '.env'), key),
      ],
      variables: keyVariable(key),
      notes: [
        'Run it in LibreChat’s folder. In a container the file has to be mounted: docker-compose.override.yml of LibreChat’s documentation.',
        ...containerNotes(baseUrl),
      ],
    };
  },
};
