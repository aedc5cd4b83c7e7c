import { type ConverseRequest, placedBlocks } from '../converse/request.ts';
import type { Family } from '../models/family.ts';
import { everyone, noField, type Rule } from './rule.ts';

const specs = ({ toolConfig }: ConverseRequest) =>
  (toolConfig?.tools ?? []).flatMap(({ toolSpec }, index) => (toolSpec ? [{ ...toolSpec, index }] : []));

/** Which models call tools at all, and how. */
const support: Rule[] = [
  {
    name: 'no tools',
    binds: (family) => family.tools === 'refused',
    breach: ({ toolConfig }) => (toolConfig ? `This model doesn't support tool use.` : undefined),
  },
  {
    name: 'no tools in streams',
    binds: (family) => family.tools === 'not-in-streams',
    breach: ({ toolConfig }, { streams }) =>
      toolConfig && streams ? `This model doesn't support tool use in streaming mode.` : undefined,
  },
  {
    name: 'toolChoice any',
    binds: (family) => !family.toolChoice.any,
    breach: ({ toolConfig }) =>
      toolConfig?.toolChoice?.any ? noField('toolConfig.toolChoice.any') : undefined,
  },
  {
    name: 'toolChoice tool',
    binds: (family) => !family.toolChoice.tool,
    breach: ({ toolConfig }) =>
      toolConfig?.toolChoice?.tool ? noField('toolConfig.toolChoice.tool') : undefined,
  },
  {
    name: 'system tools',
    binds: everyone,
    breach({ toolConfig }, { family }) {
      const names = (toolConfig?.tools ?? []).flatMap(({ systemTool }) =>
        systemTool ? [systemTool.name] : [],
      );
      return names.some((name) => !family.systemTools.includes(name)) ? noField('systemTool') : undefined;
    },
  },
];

const refusesStrict = (family: Family) => !family.structuredOutput || family.strictTools === false;

/** The tools themselves. */
const definitions: Rule[] = [
  {
    name: 'tool names are unique',
    binds: everyone,
    from: 'provider',
    breach(request) {
      const names = specs(request).map(({ name }) => name);
      return new Set(names).size < names.length ? 'tools: Tool names must be unique.' : undefined;
    },
  },
  {
    name: 'a named choice is among the tools',
    binds: everyone,
    from: 'provider',
    breach(request) {
      const wanted = request.toolConfig?.toolChoice?.tool?.name;
      return wanted !== undefined && !specs(request).some(({ name }) => name === wanted)
        ? `tool_choice.tool.name: Tool '${wanted}' not found in provided tools`
        : undefined;
    },
  },
  {
    name: 'strict tools',
    binds: (family) => refusesStrict(family) && family.provider === 'anthropic',
    from: 'provider',
    breach(request) {
      const strict = specs(request).find((spec) => spec.strict !== undefined);
      return strict && `tools.${strict.index}.custom.strict: Extra inputs are not permitted`;
    },
  },
  {
    name: 'strict tools elsewhere',
    binds: (family) => refusesStrict(family) && family.provider !== 'anthropic',
    breach: (request) =>
      specs(request).some((spec) => spec.strict !== undefined)
        ? noField('toolConfig.tools.toolSpec.strict')
        : undefined,
  },
  {
    // SEMOSS#2892, a controlled test of August 2026; mcp-agent#126.
    name: 'hyphens in tool names',
    binds: (family) => family.hyphenBreaksTools,
    exception: 'ModelErrorException',
    breach(request) {
      const history = placedBlocks(request).flatMap(({ block }) =>
        block.toolUse ? [block.toolUse.name] : [],
      );
      return [...specs(request).map(({ name }) => name), ...history].some((name) => name.includes('-'))
        ? 'Model produced invalid sequence as part of ToolUse. Please refer to the model tool use troubleshooting guide.'
        : undefined;
    },
  },
];

export const toolRules: Rule[] = [...support, ...definitions];
