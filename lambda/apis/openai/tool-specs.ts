import { isObject } from '../../canonical/json.ts';
import type { JsonObject } from '../../canonical/types.ts';
import {
  type Fields,
  readBoolean,
  readJsonObject,
  readObject,
  readOptional,
  readString,
} from '../shared/json.ts';
import { readToolName } from '../shared/tool-name.ts';

/** A function, as Converse has it. `path`: where its members stand. */
export function functionTool(fn: Fields, path: string) {
  const description = readOptional(fn.description, `${path}.description`, readString);
  const strict = readOptional(fn.strict, `${path}.strict`, readBoolean);
  const schema = readOptional(fn.parameters, `${path}.parameters`, readJsonObject);
  return {
    toolSpec: {
      name: readToolName(fn.name, `${path}.name`),
      ...(description && { description }),
      inputSchema: { json: schema ?? ({} as JsonObject) },
      ...(strict !== undefined && { strict }),
    },
  };
}

/**
 * A tool with free text as its input, which Converse does not have: a function with one string. A grammar
 * becomes part of the description, as the model's only hint of it.
 */
export function customTool(tool: Fields, path: string) {
  const spec = isObject(tool.custom) ? tool.custom : tool;
  const at = isObject(tool.custom) ? `${path}.custom` : path;
  const description = readOptional(spec.description, `${at}.description`, readString) ?? '';
  const rule = grammarRule(readOptional(spec.format, `${at}.format`, readObject), `${at}.format`);
  return {
    toolSpec: {
      name: readToolName(spec.name, `${at}.name`),
      ...((description || rule) && { description: [description, rule].filter(Boolean).join('\n\n') }),
      inputSchema: {
        json: {
          type: 'object',
          properties: { input: { type: 'string', description: 'The tool’s input, as plain text.' } },
          required: ['input'],
        } as JsonObject,
      },
    },
  };
}

function grammarRule(format: Fields | undefined, path: string): string {
  if (format?.type !== 'grammar') return '';
  const [grammar, at] = isObject(format.grammar) ? [format.grammar, `${path}.grammar`] : [format, path];
  const syntax = readOptional(grammar.syntax, `${at}.syntax`, readString) ?? '';
  const definition = readOptional(grammar.definition, `${at}.definition`, readString) ?? '';
  return definition.trim() === '' ? '' : `The input must follow this ${syntax} grammar:\n${definition}`;
}
