import { first, list, type Members, members, text } from '../../canonical/json.ts';

/** What one body or chunk adds to the answer, whatever the format. */
export interface Piece {
  text?: string;
  reasoning?: string;
  calls: CallPiece[];
  /** Why the model stopped, in the format's own word. */
  finish?: string;
  /** Nothing that any format would say. */
  foreign: boolean;
}

/** A tool call, or a part of one: `id` and `name` come with its first part. */
export interface CallPiece {
  index: number;
  id?: string;
  name?: string;
  input: string;
}

/**
 * Reads a body or a chunk by trying every place a format puts things: the chunks of the OpenAI formats of
 * imported models are documented nowhere, and older imports answer in their architecture's way.
 */
export function readPiece(body: Members): Piece {
  const choice = first(body.choices);
  const output = first(body.outputs);
  const message = members(choice.delta ?? choice.message);
  const said = [
    contentText(message.content),
    choice.text,
    output.text,
    body.generation,
    body.text,
    body.generated_text,
  ].find((value) => typeof value === 'string');
  const finish = [choice.finish_reason, choice.stop_reason, output.stop_reason, body.stop_reason].find(
    (value) => typeof value === 'string',
  );
  return {
    text: text(said),
    reasoning: text(message.reasoning_content) ?? text(message.reasoning),
    calls: list(message.tool_calls).map(callPiece),
    finish: text(finish),
    foreign: said === undefined && finish === undefined && !('choices' in body || 'outputs' in body),
  };
}

/** A string, or a list of parts. */
function contentText(content: unknown): string | undefined {
  if (!Array.isArray(content)) return text(content);
  return list(content)
    .map((part) => text(part.text) ?? '')
    .join('');
}

function callPiece(call: Members, position: number): CallPiece {
  const { name, arguments: input } = members(call.function);
  return {
    index: typeof call.index === 'number' ? call.index : position,
    id: text(call.id),
    name: text(name),
    input: text(input) ?? (input === undefined || input === null ? '' : JSON.stringify(input)),
  };
}
