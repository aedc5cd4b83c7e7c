import { join } from 'node:path';
import { type Client, keyVariable, theKey } from './client.ts';

const keyName = 'OPENAI_API_KEY';

/** https://aider.chat/docs/config/aider_conf.html and /docs/llms/openai-compat.html */
export const aider: Client = {
  name: 'aider',
  title: 'aider',
  apis: ['chat'],
  verified: 'aider-chat 0.86.2',
  start: 'aider',
  keyVariable: keyName,
  keyMayStayOut: true,
  need({ baseUrl, model }, key, { home }) {
    return {
      files: [
        {
          paths: [join(home, '.aider.conf.yml')],
          format: 'yaml',
          secret: key.in === 'file',
          entries: [
            { at: ['model'], value: `openai/${model}` },
            { at: ['openai-api-base'], value: baseUrl },
            ...(key.in === 'file' ? [{ at: ['openai-api-key'], value: key.text }] : []),
          ],
        },
      ],
      variables: keyVariable(key, keyName),
      insteadOfFiles: [
        { name: 'OPENAI_API_BASE', value: baseUrl },
        { name: keyName, value: theKey },
        { name: 'AIDER_MODEL', value: `openai/${model}` },
      ],
    };
  },
};
