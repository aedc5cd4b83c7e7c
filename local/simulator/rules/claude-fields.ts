import type { ConverseRequest } from '../converse/request.ts';
import { ownFields } from '../invoke/claude/shape/fields.ts';
import { askedBetas } from './claude-asks.ts';
import { anthropic, type Rule } from './rule.ts';

const nativeChoice = ({ additionalModelRequestFields: fields }: ConverseRequest) =>
  fields?.tool_choice as { type?: string; name?: string } | undefined;

/**
 * additionalModelRequestFields of Claude go into the body that it is asked with, and are looked at there. On InvokeModel
 * the body itself has been.
 */
export const claudeFieldRules: Rule[] = [
  {
    name: 'the form of Claude’s own fields',
    binds: anthropic,
    from: 'provider',
    breach(request, { model, family, invoke }) {
      const { additionalModelRequestFields: fields = {} } = request;
      if (invoke) return undefined;
      return ownFields({ model, family, betas: new Set(askedBetas(request)), counting: false })(fields);
    },
  },
  {
    name: 'a choice in Claude’s own words is among the tools',
    binds: anthropic,
    from: 'provider',
    breach(request, { invoke }) {
      const { type, name = '' } = nativeChoice(request) ?? {};
      if (invoke || (type !== 'any' && type !== 'tool')) return undefined;
      const specs = (request.toolConfig?.tools ?? []).flatMap(({ toolSpec }) => toolSpec ?? []);
      const own = request.additionalModelRequestFields?.tools;
      const names = [...specs, ...(Array.isArray(own) ? own : [])].map((tool) => tool.name);
      if (type === 'any')
        return names.length > 0 ? undefined : 'tool_choice.any may only be specified while providing tools';
      return names.includes(name)
        ? undefined
        : `tool_choice.tool.name: Tool '${name}' not found in provided tools`;
    },
  },
];
