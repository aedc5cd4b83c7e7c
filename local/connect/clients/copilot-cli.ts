import { type ApiName, type Client, theKey, type Variable, withoutVersion } from './client.ts';

const keyName = 'COPILOT_PROVIDER_API_KEY';

/** `copilot help providers` */
const wires: Readonly<Record<ApiName, readonly Variable[]>> = {
  chat: [
    { name: 'COPILOT_PROVIDER_TYPE', value: 'openai' },
    { name: 'COPILOT_PROVIDER_WIRE_API', value: 'completions' },
  ],
  responses: [
    { name: 'COPILOT_PROVIDER_TYPE', value: 'openai' },
    { name: 'COPILOT_PROVIDER_WIRE_API', value: 'responses' },
  ],
  messages: [{ name: 'COPILOT_PROVIDER_TYPE', value: 'anthropic' }],
};

export const copilotCli: Client = {
  name: 'copilot-cli',
  title: 'Copilot CLI',
  apis: ['responses', 'chat', 'messages'],
  verified: '@github/copilot 1.0.102',
  start: 'copilot',
  keyVariable: keyName,
  keyMayStayOut: true,
  need({ api, baseUrl, model }, key, { shell }) {
    const variables: Variable[] = [
      ...wires[api],
      { name: 'COPILOT_PROVIDER_BASE_URL', value: api === 'messages' ? withoutVersion(baseUrl) : baseUrl },
      { name: keyName, value: theKey },
      { name: 'COPILOT_MODEL', value: model },
      // Without an account at GitHub it works only so.
      { name: 'COPILOT_OFFLINE', value: 'true' },
    ];
    const text = ({ value }: Variable) =>
      value !== theKey ? value : key.in === 'file' ? key.text : undefined;
    return {
      files: shell.profile
        ? [
            {
              paths: [shell.profile],
              format: 'profile',
              secret: key.in === 'file',
              entries: variables.flatMap((each) => {
                const value = text(each);
                return value === undefined ? [] : [{ at: [each.name], value }];
              }),
            },
          ]
        : [],
      variables: key.in === 'environment' ? [{ name: keyName, value: theKey }] : [],
      insteadOfFiles: variables,
      notes: [
        'It has no file of its own for these: --write puts them into what your shell reads when it starts.',
      ],
    };
  },
};
