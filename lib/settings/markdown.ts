import { toVariable } from '../../lambda/config.ts';
import { settings as functionRows, type SettingRow } from '../../lambda/settings/table.ts';
import { allowedBy, type Setting } from './setting.ts';

/** The settings as a Markdown table, for the documentation. */
export function settingsTable(settings: Readonly<Record<string, Setting>>): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const initial = setting.default === undefined ? '' : `\`${JSON.stringify(setting.default)}\``;
    return `| \`${name}\` | ${allowedBy(setting)} | ${initial} | ${setting.about} |`;
  });
  return ['| Setting | Allowed | Default | |', '|---|---|---|---|', ...rows].join('\n');
}

/** The function's environment variables as a Markdown table. */
export function variablesTable(): string {
  const rows = Object.values<SettingRow<unknown>>(functionRows).map((row) => {
    const { variable, kind, about, notInStack } = row;
    const initial = row.default === undefined ? '' : toVariable(row.default);
    const choices =
      kind.form.kind === 'choice'
        ? ` One of ${kind.form.options.map((each) => `\`${each}\``).join(', ')}.`
        : '';
    const form =
      kind.form.kind === 'list' ? ' Separated by commas.' : kind.form.kind === 'object' ? ' JSON.' : choices;
    const absent = notInStack ? ` Not in \`cdk.json\`: ${notInStack}` : '';
    return `| \`${variable}\` | ${initial && `\`${initial}\``} | ${about}${form}${absent} |`;
  });
  return ['| Variable | Default | |', '|---|---|---|', ...rows].join('\n');
}
