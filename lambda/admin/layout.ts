import { html } from 'hono/html';

/** A piece of a page: what stands in it as text is escaped. */
export type Html = ReturnType<typeof html>;

export interface Surroundings {
  title: string;
  /** Who is signed in; undefined: nobody. */
  session?: { key: string; formToken: string } | undefined;
  /** The page's own address, for the menu. */
  here?: string;
}

const menu = [
  ['/admin', 'Usage'],
  ['/admin/playground', 'Playground'],
] as const;

export const layout = ({ title, session, here }: Surroundings, content: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – Bedrock Gateway</title>
<link rel="stylesheet" href="/admin/style.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<strong>Bedrock Gateway</strong>
${
  session &&
  html`<nav aria-label="Pages">${menu.map(
    ([href, name]) => html`<a href="${href}"${here === href && html` aria-current="page"`}>${name}</a> `,
  )}</nav>
<form method="post" action="/admin/sign-out"><input type="hidden" name="form_token" value="${session.formToken}"><span class="who">${session.key}</span> <button>Sign out</button></form>`
}
</header>
<main id="content" tabindex="-1">
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;

/** `failure`: what was wrong with the attempt before. */
export const signInPage = (failure?: string): Html =>
  layout(
    { title: 'Sign in' },
    html`${failure && html`<p class="failure" role="alert">${failure}</p>`}
<form class="sign-in" method="post" action="/admin/sign-in">
<label for="key">API key</label>
<input id="key" name="key" type="password" required autocomplete="current-password" maxlength="400">
<button>Sign in</button>
</form>
<p>A key with the right <code>admin</code> shows what every key has used; any other key shows its own use. Without a key: <code>npx gateway admin link</code> prints an address that is good for five minutes.</p>`,
  );

/** The address of `gateway admin link` leads here. Only the button signs in, so that a preview of the link does not. */
export const linkPage = (token: string): Html =>
  layout(
    { title: 'Sign in' },
    html`<form class="sign-in" method="post" action="/admin/link">
<input type="hidden" name="token" value="${token}">
<button autofocus>Sign in with this link</button>
</form>`,
  );

export const messagePage = (title: string, text: string): Html =>
  layout({ title }, html`<p>${text}</p><p><a href="/admin">To the usage page</a></p>`);
