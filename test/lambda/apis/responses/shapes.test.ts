import type OpenAI from 'openai';
import { expectTypeOf, test } from 'vitest';
import type { Annotation } from '../../../../lambda/apis/responses/annotations.ts';
import type * as calls from '../../../../lambda/apis/responses/call-items.ts';
import type { MessageOutput } from '../../../../lambda/apis/responses/message-item.ts';
import type { CompactionOutput } from '../../../../lambda/apis/responses/output.ts';
import type { ReasoningOutput } from '../../../../lambda/apis/responses/reasoning-item.ts';
import type { resource } from '../../../../lambda/apis/responses/resource.ts';
import type { ResponsesUsage } from '../../../../lambda/apis/responses/usage.ts';

type Theirs = OpenAI.Responses.Response;
type Ours = ReturnType<typeof resource>;

/*
 * Held by the type checker to the `openai` package's types. Four members are wider than theirs: what the request said
 * is repeated as it was said; `error.code` may be what clients of OpenAI's act on although its types do not name it;
 * `usage` is null before the end (https://www.openresponses.org/specification); `output` is held item by item below.
 * `output_text` is the client's own.
 */
type Wider =
  | 'error'
  | 'usage'
  | 'output'
  | 'service_tier'
  | 'text'
  | 'reasoning'
  | 'tool_choice'
  | 'instructions';

test('a response has every member of OpenAI’s, and with their types', () => {
  expectTypeOf<Omit<Ours, Wider>>().toExtend<Omit<Theirs, Wider | 'output_text'>>();
  expectTypeOf<keyof Ours>().extract<Wider>().toEqualTypeOf<Wider>();
  expectTypeOf<ResponsesUsage>().toExtend<OpenAI.Responses.ResponseUsage>();
});

test('items are OpenAI’s items', () => {
  type OutputText = OpenAI.Responses.ResponseOutputText;
  expectTypeOf<Annotation>().toExtend<OutputText['annotations'][number]>();
  expectTypeOf<MessageOutput>().toExtend<OpenAI.Responses.ResponseOutputMessage>();
  expectTypeOf<ReasoningOutput>().toExtend<OpenAI.Responses.ResponseReasoningItem>();
  expectTypeOf<CompactionOutput>().toExtend<OpenAI.Responses.ResponseCompactionItem>();
  expectTypeOf<calls.FunctionCall>().toExtend<OpenAI.Responses.ResponseFunctionToolCallItem>();
  expectTypeOf<calls.CustomToolCall>().toExtend<OpenAI.Responses.ResponseCustomToolCallItem>();
  expectTypeOf<calls.ToolSearchCall>().toExtend<OpenAI.Responses.ResponseToolSearchCall>();
  expectTypeOf<calls.LocalShellCall>().toExtend<OpenAI.Responses.ResponseOutputItem.LocalShellCall>();
  expectTypeOf<calls.ShellCall>().toExtend<OpenAI.Responses.ResponseFunctionShellToolCall>();
  expectTypeOf<calls.ApplyPatchCall>().toExtend<OpenAI.Responses.ResponseApplyPatchToolCall>();
});
