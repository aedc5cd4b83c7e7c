import type { LocalServer } from '../server.ts';

export interface BannerFacts {
  server: Pick<LocalServer, 'url' | 'port' | 'open'>;
  aws: boolean;
  /** undefined: one of those in a secret or a file. */
  apiKey: string | undefined;
  /** Whether the next start has the same key. */
  kept: boolean;
  /** The model of the `curl` line. */
  model: string;
}

/** What is printed when the server is ready: where it is, the key, and a line to paste that works. */
export function banner({ server: { url, port, open }, aws, apiKey, kept, model }: BannerFacts): string {
  const key = apiKey ?? '$API_KEY';
  const network = open
    ? `  from a container on this machine  http://host.docker.internal:${port}/v1
  HOST lets other machines in the network reach it, too: only the key keeps them out\n`
    : '';
  return `
Bedrock Gateway on ${aws ? 'Amazon Bedrock' : 'the built-in simulator (no AWS account needed; --aws for the real one)'}

  base URL  ${url}/v1
  API key   ${apiKey ?? 'one of those in the configured secret or file'}${kept ? '' : ' (a new one at each start: it could not be kept in a file)'}
${network}
Try it:

  curl -N ${url}/v1/chat/completions -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
    -d '{"model":"${model}","stream":true,"messages":[{"role":"user","content":"Hello"}]}'

${aws ? modelsOfTheAccount : ''}`;
}

const modelsOfTheAccount = `Which models this account has: npx gateway models. Why one cannot be called: npx gateway doctor --model <name>

`;
