import { type ConverseRequest, lastUserText, type Schema } from '../converse/request.ts';
import type { SimulatedModel } from '../models/model.ts';
import { askedSchema } from '../rules/structured-output.ts';
import { withoutDirectives } from '../scenarios/directives.ts';
import type { Answer, AnswerBlock } from './answer.ts';
import { instructedSchema } from './instructed-json.ts';
import { reasoningFor } from './reasoning.ts';
import type { Choices } from './schema/making.ts';
import { valueFor } from './schema/value.ts';
import { toolCallsFor } from './tools.ts';

const longestEcho = 2000;

/** What the model says of its own accord: always the same for the same request. */
export function compose(sent: ConverseRequest, model: SimulatedModel): Answer {
  // Instructions between the turns are no turn to answer.
  const request = { ...sent, messages: sent.messages?.filter(({ role }) => role !== 'system') };
  const task = withoutDirectives(lastUserText(request)).slice(0, longestEcho);
  const calls = toolCallsFor(request, model);
  const reasoning = reasoningFor(request, model.family, task);
  const said: AnswerBlock[] = calls.length > 0 ? calls : [{ text: textFor(request, model, task) }];
  return {
    blocks: reasoning ? [reasoning, ...said] : said,
    stopReason: calls.length > 0 ? 'tool_use' : 'end_turn',
    stopSequence: null,
  };
}

function textFor(request: ConverseRequest, model: SimulatedModel, task: string): string {
  const asked = askedSchema(request);
  const schema: Schema | undefined = asked === undefined ? instructedSchema(request) : JSON.parse(asked);
  if (schema !== undefined) return JSON.stringify(valueFor(schema, contentsFrom(task)));
  return toolResultText(request) ?? echo(task, mediaIn(request), model.id);
}

/** Texts are what the user said. A schema that requires nothing is filled; elsewhere only what is required is given. */
function contentsFrom(task: string): Choices {
  const text = task.slice(0, 100) || 'value';
  return {
    word: () => text,
    wants: (_name, { required }, depth) => required === undefined && depth < 2,
  };
}

/** The echo that every plain answer is; InvokeModel gives the same. */
export function echo(task: string, attachments: readonly string[], modelId: string): string {
  const said = task === '' ? 'You said nothing.' : `You said: “${task}”.`;
  const sent = attachments.length > 0 ? ` You sent ${attachments.join(', ')}.` : '';
  return `${said}${sent} This is the simulated answer of ${modelId}.`;
}

function toolResultText({ messages = [] }: ConverseRequest): string | undefined {
  const results = (messages.at(-1)?.content ?? []).flatMap(({ toolResult }) =>
    toolResult ? [toolResult] : [],
  );
  if (results.length === 0) return undefined;
  const told = results.map(({ content, status }) => {
    const parts = content.map(
      ({ text, json, ...media }) =>
        text ?? (json === undefined ? Object.keys(media)[0] : JSON.stringify(json)),
    );
    return `${status === 'error' ? 'an error: ' : ''}${parts.join(' ').slice(0, longestEcho) || 'nothing'}`;
  });
  return `The tool${results.length > 1 ? 's' : ''} answered: ${told.join('; ')}`;
}

function mediaIn({ messages = [] }: ConverseRequest): string[] {
  return (messages.at(-1)?.content ?? []).flatMap(({ image, document, video, audio }) => {
    if (document) return [`the document “${document.name}”`];
    if (image) return [`a ${image.format} image`];
    return video || audio ? [video ? 'a video' : 'a sound'] : [];
  });
}
