import { allowedBy, type Setting } from './setting.ts';

/** The settings as a Markdown table, for the documentation. */
export function settingsTable(settings: Readonly<Record<string, Setting>>): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const initial = setting.default === undefined ? '' : `\`${JSON.stringify(setting.default)}\``;
    return `| \`${name}\` | ${allowedBy(setting)} | ${initial} | ${setting.about} |`;
  });
  return ['| Setting | Allowed | Default | |', '|---|---|---|---|', ...rows].join('\n');
}
