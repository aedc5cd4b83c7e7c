import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { html, raw } from 'hono/html';
import type { Route } from './routes.ts';

/**
 * What people see who open the bare address: what this is, how to use it and what there is, without a key. A
 * browser gets a page, everything else JSON. Nothing is called, and nothing is said that is not in the docs.
 */
export async function frontPage(c: Context, routes: readonly Route[]): Promise<Response> {
  const baseUrl = `${new URL(c.req.url).origin}/v1`;
  const type = accepts(c, {
    header: 'Accept',
    supports: ['application/json', 'text/html'],
    default: 'application/json',
  });
  const common = { 'cache-control': 'no-store', vary: 'accept', 'x-content-type-options': 'nosniff' };
  if (type !== 'text/html') return c.json(summary(baseUrl, routes), 200, common);
  return c.body(String(await page(baseUrl, routes)), 200, {
    ...common,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
  });
}

const about =
  'Every model on Amazon Bedrock behind the API that AI clients already speak: any client of OpenAI’s API works with this base URL and a key.';

/** Public descriptions of what is spoken here. The project's own docs are files beside its code. */
const links = {
  'OpenAI’s API reference': 'https://platform.openai.com/docs/api-reference/chat',
  'Models on Amazon Bedrock': 'https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html',
};
const docs = {
  'README.md': 'clients and their settings',
  'docs/compatibility.md': 'every parameter',
  'docs/models.md': 'every model family',
  'docs/operations.md': 'settings, headers, errors, keys, logs',
  'docs/deploy.md': 'deploying to AWS',
};

const summary = (baseUrl: string, routes: readonly Route[]) => ({
  name: 'Bedrock Gateway',
  about,
  base_url: baseUrl,
  authentication: 'Authorization: Bearer <key>',
  routes: routes.map(({ methods, path }) => `${methods.join('|')} ${path}`),
  docs: Object.keys(docs),
  links: Object.values(links),
});

const style =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem;color:#1b1f24;background:#fff}code,pre{font:.9em/1.5 ui-monospace,monospace;background:#f2f4f6;border-radius:4px}code{padding:.1em .3em}pre{padding:1rem;overflow-x:auto}pre code{padding:0}dt{float:left;clear:left;min-width:14rem}a{color:#0a58ca}@media(prefers-color-scheme:dark){body{color:#e6e8ea;background:#15181c}code,pre{background:#23282e}a{color:#7fb2ff}}';

/** Nothing but the one style sheet, which is named by its hash. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = (baseUrl: string, routes: readonly Route[]) => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Bedrock Gateway</title>
<style>${raw(style)}</style>
</head>
<body>
<h1>Bedrock Gateway</h1>
<p>${about}</p>
<p>Base URL: <code>${baseUrl}</code></p>
<p>The key is sent as <code>Authorization: Bearer &lt;key&gt;</code>. <code>npm start</code> prints it; a deployment has the command that prints it among its outputs.</p>
<pre><code>curl ${baseUrl}/models -H 'Authorization: Bearer &lt;key&gt;'</code></pre>
<h2>Routes</h2>
<ul>${routes.map(({ methods, path }) => html`<li><code>${methods.join(' | ')} ${path}</code></li>`)}</ul>
<h2>Docs</h2>
<p>Files of the project:</p>
<dl>${Object.entries(docs).map(([file, what]) => html`<dt><code>${file}</code></dt><dd>${what}</dd>`)}</dl>
<ul>${Object.entries(links).map(([name, url]) => html`<li><a href="${url}">${name}</a></li>`)}</ul>
</body>
</html>
`;
