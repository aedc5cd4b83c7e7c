import { html } from 'hono/html';
import type { Html } from './layout.ts';

const efforts = ['', 'none', 'low', 'medium', 'high'] as const;
const exampleTool =
  '[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]';

/** One request at a time to a model, as any client would send it. What it says is kept nowhere. */
export const playgroundPage = (models: readonly string[], formToken: string): Html => html`
<noscript><p class="failure">The playground needs JavaScript.</p></noscript>
<div class="two">
<form id="request" data-token="${formToken}">
<label for="model">Model</label>
<select id="model" name="model" required>${models.map((id) => html`<option value="${id}">${id}</option>`)}</select>
<label for="system">System prompt</label>
<textarea id="system" rows="2"></textarea>
<label for="message">Message</label>
<textarea id="message" rows="5" required>Hello</textarea>
<label for="image">Image</label>
<input id="image" type="file" accept="image/png,image/jpeg,image/gif,image/webp">
<div class="options">
<div><label for="max_tokens">Most tokens</label><input id="max_tokens" type="number" min="1" value="1024"></div>
<div><label for="temperature">Temperature</label><input id="temperature" type="number" min="0" max="2" step="0.1"></div>
<div><label for="effort">Reasoning</label><select id="effort">${efforts.map((effort) => html`<option value="${effort}">${effort || 'default'}</option>`)}</select></div>
</div>
<label for="tools">Tools, as JSON</label>
<textarea id="tools" rows="3" placeholder="${exampleTool}"></textarea>
<p><button id="send">Send</button> <button id="stop" type="button" disabled>Stop</button></p>
</form>
<section aria-labelledby="answer-title">
<h2 id="answer-title">Answer</h2>
<p id="state" role="status">Nothing has been sent.</p>
<details id="thoughts" hidden open><summary>Reasoning</summary><pre id="reasoning"></pre></details>
<pre id="answer" role="region" tabindex="0" aria-label="Text of the answer"></pre>
<div id="calls-part" hidden><h3>Tool calls</h3><pre id="calls"></pre></div>
<p>Cost: <strong id="cost">–</strong>, tokens: <span id="usage">–</span></p>
<details><summary>Request as it was sent</summary><pre id="raw-request" role="region" tabindex="0" aria-label="Request"></pre></details>
<details><summary>Answer as it came</summary><pre id="raw-answer" role="region" tabindex="0" aria-label="Events of the answer"></pre></details>
</section>
</div>
<script src="/admin/playground.js" defer></script>`;
