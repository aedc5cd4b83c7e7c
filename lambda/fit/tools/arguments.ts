import type { Tool, ToolSpec } from '../../canonical/types.ts';
import { note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { listedTools, warn } from '../notes.ts';
import { withRootKeys } from '../schema/renamed-root.ts';
import type { Draft, FitStep } from '../types.ts';
import { type Form, restoreForms, withForms } from './argument-forms.ts';
import { argumentsSchema } from './arguments-schema.ts';
import { openaiArguments } from './openai-arguments.ts';
import { plainArguments } from './plain-arguments.ts';
import { strictSchemas } from './strict.ts';

/**
 * The arguments of tools as the model takes them: the schemas, the calls of the history alike, and the way back, whole
 * and streamed. Comes before `fitTurns`, which wants each input to be an object, and before `fitTools`, which gives
 * tools other names: here they have the client's.
 */
export const fitToolArguments: FitStep = (draft, capabilities) => {
  const { toolConfig } = draft.request;
  if (!toolConfig || !capabilities.tools) return;
  const forms = new Map<string, Form>();
  const fitted = fittedSpecs(toolConfig.tools, draft, capabilities, forms);
  const strict = strictSchemas([...fitted.values()], draft, capabilities);
  const tools = toolConfig.tools.map((tool): Tool => {
    const spec = 'toolSpec' in tool ? fitted.get(tool.toolSpec) : undefined;
    if (!spec) return tool;
    const json = strict.get(spec);
    if (json) return { toolSpec: { ...spec, inputSchema: { json } } };
    const { strict: asked, ...loose } = spec;
    return { toolSpec: asked === false && capabilities.strictTools ? spec : loose };
  });
  draft.request.toolConfig = { ...toolConfig, tools };
  if (forms.size === 0) return;
  draft.request.messages = withForms(draft.request.messages, forms);
  draft.restores.push(restoreForms(forms));
};

/** Of two tools with one name only the first is used. Adds to `forms` how calls differ from what the client knows. */
function fittedSpecs(
  tools: readonly Tool[],
  draft: Draft,
  capabilities: Capabilities,
  forms: Map<string, Form>,
): Map<ToolSpec, ToolSpec> {
  const fitted = new Map<ToolSpec, ToolSpec>();
  const names = new Set<string>();
  const losses = new Map<string, string[]>();
  const fitSchema = capabilities.schemaRules === 'openai' ? openaiArguments : argumentsSchema;
  for (const tool of tools) {
    if (!('toolSpec' in tool) || names.has(tool.toolSpec.name)) continue;
    const { name, inputSchema } = tool.toolSpec;
    names.add(name);
    const usual = fitSchema(inputSchema.json, capabilities);
    const isPlain = capabilities.schemaRules === 'nova';
    const { schema, rule, about, lost, keys, wrapped } = isPlain ? plainArguments(usual) : usual;
    const description = tool.toolSpec.description?.trim() ? tool.toolSpec.description : about;
    if (keys) forms.set(name, { keys });
    if (wrapped) forms.set(name, 'wrapped');
    for (const what of lost) {
      const of = losses.get(what) ?? [];
      losses.set(what, of);
      of.push(name);
    }
    const rendered = [description, rule].filter((text) => text?.trim()).join('\n\n');
    fitted.set(tool.toolSpec, {
      ...tool.toolSpec,
      ...(rendered && { description: rendered }),
      inputSchema: { json: keys ? withRootKeys(schema, keys) : schema },
    });
  }
  for (const [what, of] of losses) warn(draft, note`${what} in the parameters of ${listedTools(of)}`);
  return fitted;
}
