import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { isRegion } from '../../lambda/aws/regions.ts';
import { ConfigError, readConfig } from '../../lambda/config.ts';
import { GatewayError } from '../../lambda/errors.ts';
import { createModelParts } from '../../lambda/model-parts.ts';
import { checkModelSettings } from '../../lambda/models/resolve/check-settings.ts';
import { createPricing } from '../../lambda/prices/load.ts';
import type { CalledModel } from '../../lambda/prices/types.ts';
import { cleanText } from '../chat/screen/clean-text.ts';
import { fileFailure } from '../file-failure.ts';
import type { Io } from '../io.ts';
import { asSentence, PlainError } from '../plain-error.ts';

/** Exit statuses: it worked, it did not, it was asked for wrongly. */
export const exit = { ok: 0, failed: 1, usage: 2 } as const;

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** A command runs once, so it waits until every listing has come or failed. */
const cataloguePatienceMs = 15_000;

/** What every command works with: the same parts as the function, from the same settings. */
export function createParts(env: Io['env']) {
  const config = readConfig(env);
  checkModelSettings(config);
  const pricing = createPricing(config);
  const prices = (model: Omit<CalledModel, 'at'>) => ({
    price: pricing.listed({ ...model, at: Date.now() }),
    endOfLife: pricing.endOfLife(model),
  });
  return { config, prices, ...createModelParts(config, { cataloguePatienceMs }) };
}
export type Parts = ReturnType<typeof createParts>;

/** Reads `--options` and the rest. Throws a UsageError with the reason. */
export function readArgs<T extends ParseArgsOptionsConfig>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The region that an option names, where it is given. Throws UsageError. */
export function checkedRegion(region: string | undefined): string | undefined {
  if (region === undefined || isRegion(region)) return region;
  throw new UsageError(`--region is ${JSON.stringify(region)}: it must be an AWS region, such as us-east-1.`);
}

/** Runs a command and tells people what went wrong: in one line, without a stack. */
export async function reporting(io: Io, usage: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr.write(`${error.message}\n\n${usage}\n`);
      return exit.usage;
    }
    io.stderr.write(`${describe(error)}\n`);
    return exit.failed;
  }
}

/**
 * An error for a person. AWS's own texts name what was not allowed, so here they are shown, without what a terminal would
 * act on: they may repeat what somebody else has written.
 */
export const describe = (error: unknown): string => cleanText(textOf(error));

function textOf(error: unknown): string {
  if (error instanceof PlainError) return asSentence(error);
  if (error instanceof GatewayError || error instanceof ConfigError) return error.message;
  const refused = fileFailure(error);
  if (refused !== undefined) return refused;
  if (!(error instanceof Error)) return String(error);
  // A name that says something, such as AWS's AccessDeniedException.
  const name = error.name === 'Error' ? '' : error.name;
  return [name, error.message].filter(Boolean).join(': ') || 'Error';
}

/** Columns as wide as what is in them; the last is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  '),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
