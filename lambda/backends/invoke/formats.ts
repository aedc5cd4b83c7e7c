import type { BodyFormat } from './body-format.ts';
import { openAiChat } from './openai-chat.ts';
import { promptFormats } from './prompt-formats.ts';
import type { ChatTemplate } from './templates/template.ts';
import { isTemplate, templates } from './templates/templates.ts';

/** Every body format by the name that settings know it by. */
const formats: Readonly<Record<string, BodyFormat>> = {
  'openai-chat': openAiChat,
  ...promptFormats,
};

export interface NamedFormat {
  format: BodyFormat;
  template: ChatTemplate | undefined;
}

/**
 * `llama`, or with a template of its own `llama/llama2`. Undefined for what is no format; a format that
 * carries messages takes no template.
 */
export function findFormat(name: string): NamedFormat | undefined {
  const [formatName = '', templateName, ...rest] = name.split('/');
  const format = Object.hasOwn(formats, formatName) ? formats[formatName] : undefined;
  if (!format || rest.length > 0) return undefined;
  if (templateName === undefined) return { format, template: format.template && templates[format.template] };
  return format.template && isTemplate(templateName)
    ? { format, template: templates[templateName] }
    : undefined;
}

/** For messages: what may be written in settings. */
export const formatNames = Object.keys(formats).join(', ');
export const templateNames = Object.keys(templates).join(', ');
