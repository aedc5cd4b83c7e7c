/** What the script uses of a page's elements. */
interface Field {
  value: string;
  textContent: string | null;
  hidden: boolean;
  disabled: boolean;
  dataset: Record<string, string | undefined>;
  files?: ArrayLike<Blob> | null;
  addEventListener(name: string, listener: (event: { preventDefault(): void }) => void): void;
}

interface Page {
  getElementById(id: string): Field | null;
}

interface Chunk {
  choices?: {
    delta?: {
      content?: string | null;
      reasoning_content?: string | null;
      tool_calls?: { index: number; function?: { name?: string; arguments?: string } }[];
    };
    finish_reason?: string | null;
  }[];
  usage?: { prompt_tokens: number; completion_tokens: number; cost?: number | null; cost_unknown?: string };
  error?: { message?: string };
}

/**
 * Sends what the form says and shows the answer as it comes. The text of this function is served to the browser, so it
 * may use nothing from outside itself.
 */
export function playground(
  page: Page,
  newReader: () => { readAsDataURL(file: Blob): void } & EventTarget,
): void {
  const mostRaw = 200_000;
  const at = (id: string) => page.getElementById(id) as Field;
  const form = at('request');
  let running: AbortController | undefined;

  const dataUrlOf = (file: Blob) =>
    new Promise<string>((resolve, reject) => {
      const reader = newReader() as ReturnType<typeof newReader> & { result: string };
      reader.addEventListener('load', () => resolve(reader.result));
      reader.addEventListener('error', () => reject(new Error('The image cannot be read.')));
      reader.readAsDataURL(file);
    });

  const bodyOf = async () => {
    const file = at('image').files?.[0];
    const text = at('message').value;
    const content = file
      ? [
          { type: 'text', text },
          { type: 'image_url', image_url: { url: await dataUrlOf(file) } },
        ]
      : text;
    const system = at('system').value.trim();
    const number = (id: string) => (at(id).value === '' ? undefined : Number(at(id).value));
    const tools = at('tools').value.trim();
    return {
      model: at('model').value,
      messages: [...(system ? [{ role: 'system', content: system }] : []), { role: 'user', content }],
      max_completion_tokens: number('max_tokens'),
      temperature: number('temperature'),
      reasoning_effort: at('effort').value || undefined,
      tools: tools ? JSON.parse(tools) : undefined,
      stream: true,
      usage: { include: true },
    };
  };

  const calls: { name: string; input: string }[] = [];
  const add = (id: string, text: string) => {
    at(id).textContent = `${at(id).textContent ?? ''}${text}`;
  };

  const showCalls = (deltas: NonNullable<NonNullable<Chunk['choices']>[0]['delta']>['tool_calls'] = []) => {
    for (const { index, function: called } of deltas) {
      const call = calls[index] ?? { name: '', input: '' };
      calls[index] = call;
      call.name += called?.name ?? '';
      call.input += called?.arguments ?? '';
    }
    if (calls.length === 0) return;
    at('calls-part').hidden = false;
    at('calls').textContent = calls.map(({ name, input }) => `${name}(${input})`).join('\n');
  };

  const show = (chunk: Chunk) => {
    if (chunk.error) throw new Error(chunk.error.message ?? 'The request has failed.');
    for (const { delta, finish_reason: reason } of chunk.choices ?? []) {
      if (delta?.reasoning_content) {
        at('thoughts').hidden = false;
        add('reasoning', delta.reasoning_content);
      }
      if (delta?.content) add('answer', delta.content);
      showCalls(delta?.tool_calls);
      if (reason) at('state').textContent = `Complete (${reason}).`;
    }
    const { usage } = chunk;
    if (!usage) return;
    at('usage').textContent = `${usage.prompt_tokens} read, ${usage.completion_tokens} written`;
    at('cost').textContent =
      typeof usage.cost === 'number' ? `$${usage.cost}` : `not known (${usage.cost_unknown ?? 'not_priced'})`;
  };

  const showLine = (line: string) => {
    if ((at('raw-answer').textContent ?? '').length < mostRaw) add('raw-answer', `${line}\n`);
    if (line.startsWith('data: {')) show(JSON.parse(line.slice(6)));
  };

  const read = async (response: Response) => {
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (!isStream || !response.body) {
      const text = await response.text();
      at('raw-answer').textContent = text;
      show(JSON.parse(text));
      return;
    }
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      const lines = `${rest}${decoder.decode(value, { stream: !done })}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) showLine(line);
      if (done) return;
    }
  };

  const clear = () => {
    calls.length = 0;
    for (const id of ['answer', 'reasoning', 'calls', 'raw-answer', 'raw-request']) at(id).textContent = '';
    for (const id of ['usage', 'cost']) at(id).textContent = '–';
    for (const id of ['thoughts', 'calls-part']) at(id).hidden = true;
    at('state').textContent = 'Waiting for the answer …';
  };

  const setRunning = (controller: AbortController | undefined) => {
    running = controller;
    at('send').disabled = controller !== undefined;
    at('stop').disabled = controller === undefined;
  };

  const send = async () => {
    const controller = new AbortController();
    setRunning(controller);
    clear();
    try {
      const body = await bodyOf();
      at('raw-request').textContent = JSON.stringify(body, null, 2);
      const headers = { 'content-type': 'application/json', 'x-form-token': form.dataset.token ?? '' };
      const response = await fetch('/admin/playground/chat', {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        signal: controller.signal,
      });
      await read(response);
    } catch (error) {
      const text = controller.signal.aborted
        ? 'Stopped.'
        : error instanceof Error
          ? error.message
          : String(error);
      at('state').textContent = text;
    } finally {
      setRunning(undefined);
    }
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!running) void send();
  });
  at('stop').addEventListener('click', () => running?.abort());
}

/** The script as the browser gets it. */
export const playgroundScript = (): string =>
  `'use strict';(${playground})(document,()=>new FileReader());\n`;
