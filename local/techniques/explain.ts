import type { Config } from '../../lambda/config.ts';
import { isTechnique, type StageName, techniqueNames } from '../../lambda/settings/techniques.ts';
import { branchesOf, renderExpression, stagesOf } from '../../lambda/techniques/expression.ts';
import { mayAsk } from '../../lambda/techniques/recognise.ts';
import { type Selection, select } from '../../lambda/techniques/select.ts';
import { treeOf } from '../../lambda/techniques/stages.ts';
import { type Extent, extentOf } from './extent.ts';

/** What a model name asks for of techniques. */
export interface Explained {
  /** The name without it, to be resolved. */
  model: string;
  /** Absent: the name asks for none. */
  technique?: {
    /** In its canonical form. */
    expression: string;
    /** What is done for each answer, one after the other. */
    branches: string[][];
    extent: Extent;
    /** Model calls that the settings allow for one request. */
    maxCalls: number;
    /** Why a request for it would be refused here; empty: it would not. */
    refusals: string[];
  };
}

/**
 * Reads a model name as the gateway does. `isListed`: whether the account has a model of a name. Rejects with the 400
 * that a request would get for a mistake in the expression.
 */
export async function explainName(
  name: string,
  config: Config,
  isListed: (name: string) => Promise<boolean>,
): Promise<Explained> {
  if (!mayAsk({ model: name }, config.aliases)) return { model: name };
  // Everything is switched on here, so that what is switched off can be explained too.
  const settings = {
    ...config,
    optimisation: true,
    optimisationTechniques: techniqueNames,
    executecodeEngine: 'quickjs' as const,
  };
  const principal = { name: 'the command line' };
  const { body, selection } = await select({ model: name }, { settings, principal, isListed });
  const model = String(body.model);
  return selection ? { model, technique: explained(selection, config) } : { model };
}

function explained(selection: Selection, config: Config): NonNullable<Explained['technique']> {
  const { expression, paramsOf, maxCalls } = selection;
  const extent = extentOf(treeOf(expression, 1, paramsOf));
  const names = [...new Set(stagesOf(expression).map(({ name }) => name))];
  const refusals = names.flatMap((name) => refusalOf(name, config));
  if (extent.calls.least > maxCalls)
    refusals.push(`it makes at least ${extent.calls.least} calls, and OPTIMISATION_MAX_CALLS is ${maxCalls}`);
  return {
    expression: renderExpression(expression),
    branches: branchesOf(expression).map((branch) => branch.map(renderExpression)),
    extent,
    maxCalls,
    refusals: [...new Set(refusals)],
  };
}

function refusalOf(name: StageName, config: Config): string[] {
  if (!isTechnique(name)) return [];
  if (!config.optimisation) return ['ENABLE_OPTIMISATION is not set'];
  if (!config.optimisationTechniques.includes(name)) return [`OPTIMISATION_TECHNIQUES leaves ${name} out`];
  return name === 'executecode' && config.executecodeEngine === 'off' ? ['EXECUTECODE_ENGINE is off'] : [];
}
