import { type SettingRow, settings } from '../../lambda/settings/table.ts';
import type { Setting } from './setting.ts';

export type FunctionSetting = Setting & { variable: string };

const rows = Object.entries<SettingRow<unknown>>(settings);

/**
 * The function's settings that a stack may have, by their names in `cdk.json`, and the environment variable each
 * becomes; `readConfig` has the last word on them.
 */
export const functionSettings: Readonly<Record<string, FunctionSetting>> = Object.fromEntries(
  rows
    .filter(([, { notInStack }]) => notInStack === undefined)
    .map(([name, { variable, kind, about, stackName, ...row }]) => [
      stackName ?? name,
      {
        variable,
        ...kind.form,
        about: `${about}`,
        ...(row.default !== undefined && { default: row.default }),
      },
    ]),
);
