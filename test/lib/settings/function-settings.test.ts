import { describe, expect, it } from 'vitest';
import { readConfig, settingNames } from '../../../lambda/config.ts';
import { settings as rows, type SettingRow } from '../../../lambda/settings/table.ts';
import { environmentOf } from '../../../lib/settings/environment.ts';
import { type FunctionSetting, functionSettings } from '../../../lib/settings/function-settings.ts';

const settings = Object.entries<FunctionSetting>(functionSettings);
const config = (name: string, value: unknown) => readConfig(environmentOf({ [name]: value }));

describe('the function’s settings', () => {
  it('are all of its variables, but for those with a reason', () => {
    const others = Object.values<SettingRow<unknown>>(rows).filter(({ notInStack }) => notInStack);
    const covered = [
      ...settings.map(([, setting]) => setting.variable),
      ...others.map(({ variable }) => variable),
    ];
    expect(covered.sort()).toEqual([...settingNames].sort());
  });

  it('have the function’s own defaults', () => {
    const defaults = Object.fromEntries(settings.map(([name, setting]) => [name, setting.default]));
    expect(readConfig(environmentOf(defaults))).toEqual(readConfig({}));
  });

  it.each(settings.filter(([, { kind }]) => kind === 'number'))(
    '%s has the function’s range',
    (name, setting) => {
      if (setting.kind !== 'number') throw new Error('not a number');
      expect(() => [config(name, setting.min), config(name, setting.max)]).not.toThrow();
      expect(() => config(name, setting.max + 1)).toThrow(`must be at most ${setting.max}`);
      // 0 is the least that can be written without a sign.
      const below = setting.min === 0 ? 'must be a whole number' : `must be at least ${setting.min}`;
      expect(() => config(name, setting.min - 1)).toThrow(below);
    },
  );

  it.each(settings.filter(([, { kind }]) => kind === 'choice'))(
    '%s has the function’s choices',
    (name, setting) => {
      if (setting.kind !== 'choice') throw new Error('not a choice');
      expect(() => config(name, 'something else')).toThrow(`must be one of ${setting.options.join(', ')}`);
    },
  );

  it.each(settings.filter(([, { kind }]) => kind === 'boolean'))('%s reaches the function', (name) => {
    expect(config(name, true)).not.toEqual(config(name, false));
  });
});
