import type { SettingForm } from '../../lambda/settings/kinds.ts';

/** One setting as people write it in `cdk.json`: what it may be, what it is when absent, what it is for. */
export type Setting = SettingForm & {
  /** As it stands in the documentation; for function settings the function has the same default. */
  default?: unknown;
  about: string;
};

/** Completes the sentence "must be …". */
export function allowedBy(setting: Setting): string {
  switch (setting.kind) {
    case 'text':
    case 'list':
    case 'object':
      return setting.allowed;
    case 'number':
      return `a whole number from ${setting.min} to ${setting.max}`;
    case 'choice':
      return `one of ${setting.options.join(', ')}`;
    case 'boolean':
      return 'true or false';
  }
}

export function fits(setting: Setting, value: unknown): boolean {
  switch (setting.kind) {
    case 'text':
      return typeof value === 'string' && value.trim() !== '' && (setting.pattern?.test(value) ?? true);
    case 'list':
      return Array.isArray(value) && value.every((item) => isListItem(item, setting.pattern));
    case 'number':
      return Number.isInteger(value) && Number(value) >= setting.min && Number(value) <= setting.max;
    case 'choice':
      return setting.options.some((option) => option === value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
  }
}

/** Lists travel in one environment variable, joined with commas. */
function isListItem(item: unknown, pattern = /./): boolean {
  return typeof item === 'string' && item.trim() !== '' && !item.includes(',') && pattern.test(item);
}

/**
 * A value from the command line, where everything is text: JSON for what is not text, commas for lists. An
 * empty one is undefined: it takes back what `cdk.json` says. What cannot be read is returned as it is, for
 * `fits` to refuse.
 */
export function fromCommandLine(setting: Setting, text: string): unknown {
  if (text === '') return undefined;
  if (setting.kind === 'text') return text;
  try {
    return JSON.parse(text);
  } catch {
    return setting.kind === 'list' ? text.split(',').map((item) => item.trim()) : text;
  }
}
