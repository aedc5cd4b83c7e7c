import type { OutputFormat, ReasoningIntent } from '../../canonical/request.ts';
import type { JsonObject } from '../../canonical/types.ts';
import { readObject } from '../anthropic/reading.ts';
import type { MessagesRequest } from './schema.ts';

/** What Claude's own API says of thinking and effort; `ignored` gets what has no form in Converse. */
export function readReasoning(request: MessagesRequest, ignored: string[]): ReasoningIntent | undefined {
  const effort = request.output_config?.effort ?? undefined;
  const thinking = request.thinking ? translateThinking(request.thinking, ignored) : undefined;
  if (effort === undefined && !thinking) return undefined;
  return { ...(effort && { effort }), ...(thinking && { thinking }), verbatim: true };
}

/** `block_binding`, and the display of updates, need flags that only Claude's own API is known to take. */
function translateThinking(thinking: object, ignored: string[]): JsonObject {
  const { block_binding, display, ...rest } = thinking as JsonObject;
  if (block_binding !== undefined) ignored.push('thinking.block_binding');
  if (display === undefined || display === null) return rest;
  return { ...rest, display: display === 'updates' ? 'summarized' : display };
}

/** Messages names no schema. */
export function readOutputFormat({
  output_config,
  output_format,
}: MessagesRequest): OutputFormat | undefined {
  const [format, at] = output_config?.format
    ? [output_config.format, 'output_config.format']
    : [output_format, 'output_format'];
  if (!format) return undefined;
  const schema = readObject(format.schema, `${at}.schema`) as JsonObject;
  return { type: 'json_schema', name: 'response', schema };
}
