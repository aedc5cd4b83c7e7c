import { chatml } from './chatml.ts';
import { deepseek } from './deepseek.ts';
import { llama2, llama3, llama4 } from './llama.ts';
import { mistral } from './mistral.ts';
import { plain } from './plain.ts';
import type { ChatTemplate } from './template.ts';

/** Every chat template by the name that settings know it by. */
export const templates = { llama2, llama3, llama4, mistral, chatml, deepseek, plain } satisfies Record<
  string,
  ChatTemplate
>;

export type TemplateName = keyof typeof templates;

export const isTemplate = (name: string): name is TemplateName => Object.hasOwn(templates, name);
