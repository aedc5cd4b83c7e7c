import type { Capabilities } from '../../models/capabilities.ts';
import type { BodyFormat } from './body-format.ts';
import { completionFields, type FieldNames, refuseSchema } from './completion-fields.ts';
import { promptOf } from './prompt.ts';
import { responseFormat } from './response-format.ts';
import type { TemplateName } from './templates/templates.ts';

export interface PromptFormat {
  names: FieldNames;
  template: TemplateName;
  /** Takes `response_format` with a schema. */
  schema?: true;
  capabilities?: Partial<Capabilities>;
}

/** A body with one prompt: they differ in what they call its parameters. */
export function promptFormat({ names, template, schema, capabilities }: PromptFormat): BodyFormat {
  return {
    template,
    capabilities: {
      stopSequences: names.stop !== undefined,
      structuredOutput: schema ? 'native' : 'prompt',
      ...capabilities,
    },
    toBody(request, chosen) {
      if (!schema) refuseSchema(request);
      return {
        ...completionFields(request, names),
        prompt: promptOf(request, chosen),
        ...(schema && responseFormat(request)),
      };
    },
  };
}
