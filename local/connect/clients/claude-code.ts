import { join } from 'node:path';
import type { FileEntry, Variable } from './client.ts';
import { type Client, keyVariable, theKey, withoutVersion } from './client.ts';

const tokenVariable = 'ANTHROPIC_AUTH_TOKEN';

/** https://code.claude.com/docs/en/settings and /llm-gateway */
export const claudeCode: Client = {
  name: 'claude-code',
  title: 'Claude Code',
  apis: ['messages'],
  verified: '@anthropic-ai/claude-code 2.1.332',
  start: 'claude',
  keyVariable: tokenVariable,
  keyMayStayOut: true,
  need({ baseUrl, model }, key, { home, env }) {
    const url = withoutVersion(baseUrl);
    const token: FileEntry[] = key.in === 'file' ? [{ at: ['env', tokenVariable], value: key.text }] : [];
    const variables: Variable[] = [
      { name: 'ANTHROPIC_BASE_URL', value: url },
      { name: tokenVariable, value: theKey },
      { name: 'ANTHROPIC_MODEL', value: model },
    ];
    return {
      files: [
        {
          paths: [join(env.CLAUDE_CONFIG_DIR ?? join(home, '.claude'), 'settings.json')],
          format: 'jsonc',
          secret: key.in === 'file',
          entries: [
            { at: ['env', 'ANTHROPIC_BASE_URL'], value: url },
            ...token,
            { at: ['model'], value: model },
          ],
        },
      ],
      variables: keyVariable(key, tokenVariable),
      insteadOfFiles: variables,
      notes: [
        'It asks a small model for titles and summaries: claude-haiku-4-5, which the gateway knows by that name. ANTHROPIC_DEFAULT_HAIKU_MODEL names another.',
      ],
    };
  },
};
