import { findEntry, findShortName } from '../../lambda/models/catalogue/find.ts';
import type { Target } from '../../lambda/models/target.ts';
import type { Io } from '../io.ts';
import { type Explained, explainName } from '../techniques/explain.ts';
import { renderRange } from '../techniques/extent.ts';
import {
  checkedRegion,
  createParts,
  exit,
  type Parts,
  readArgs,
  reporting,
  table,
  UsageError,
} from './command.ts';
import { priceFacts } from './price-text.ts';

const usage = `Usage: gateway resolve <name> [--region REGION] [--capabilities] [--json]

Says what a model's name becomes, why, and what it costs; with --capabilities also what the gateway knows of the model. Of
a name with an optimisation technique before it, such as 're2&bon(n=5)-<model>', also what would run. In a shell it wants
quotes.`;

/** `gateway resolve`: what a name becomes, step by step. */
export function run(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const { values, positionals } = readArgs(args, {
      region: { type: 'string' },
      capabilities: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    });
    if (values.help) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw new UsageError('Exactly one name is needed.');
    const region = checkedRegion(values.region);
    const parts = createParts(io.env);
    const { model, technique } = await explainName(name, parts.config, (whole) => isListed(whole, parts));
    const { target, reasons } = await parts.resolver.explain(model, { region });
    const { id: modelId, underlying } = target;
    const { price, endOfLife } = parts.prices({ modelId, underlying, region: target.region });
    if (values.json) {
      const all = { ...(technique && { technique }), target, reasons, price: price ?? null, endOfLife };
      io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    } else {
      const before = technique ? `${techniqueAsText(technique)}\n` : '';
      const cost = [...priceFacts(price), ...(endOfLife === undefined ? [] : [['ends', endOfLife]])];
      io.stdout.write(
        before + asText(target, reasons, cost) + (values.capabilities ? knowledge(target) : ''),
      );
    }
    return exit.ok;
  });
}

/** A model of the account may have a name that begins like a technique's: `leap-7b`. */
async function isListed(name: string, { catalogue }: Parts): Promise<boolean> {
  const { rows } = await catalogue.load();
  return [findEntry, findShortName].some((find) => find(rows, name).kind !== 'none');
}

function techniqueAsText(technique: NonNullable<Explained['technique']>): string {
  const { expression, branches, extent, maxCalls, refusals } = technique;
  const runs = branches.map((branch, i) => [
    branches.length > 1 ? `answer ${i + 1}` : 'runs',
    branch.join(', then '),
  ]);
  const facts = [
    ['technique', expression],
    ...runs,
    ['model calls', `${renderRange(extent.calls)}, of ${maxCalls} that one request may make`],
    ['depth', `${renderRange(extent.depth)} calls one after the other`],
    ['keys', 'those that may use it: gateway keys list'],
  ];
  const warnings = refusals.map((why) => `Warning: a request for it is refused here: ${why}\n`).join('');
  return `${table(facts)}${warnings}`;
}

function asText(target: Target, reasons: readonly string[], cost: string[][]): string {
  const { capabilities } = target;
  const facts = [
    ['name', target.asked],
    ['called with', target.id],
    ['region', target.region],
    ['through', target.format ? `InvokeModel, format ${target.format}` : 'Converse'],
    ['model behind it', target.underlying ?? 'unknown'],
    ['family', capabilities.family],
    ['answers as', target.reportAs],
    ...cost,
    ...(target.defaults ? [['defaults', JSON.stringify(target.defaults)]] : []),
  ];
  const why = reasons.map((reason, i) => `  ${i + 1}. ${reason}\n`).join('');
  const warnings = target.warnings.map((warning) => `Warning: ${warning}\n`).join('');
  return `${table(facts)}\nWhy:\n${why}${warnings && `\n${warnings}`}`;
}

/** The row of the family table, as far as it says something. */
function knowledge({ capabilities }: Target): string {
  const known = Object.entries(capabilities).filter(([, value]) => value !== undefined);
  const cells = known.map(([name, value]) => [
    `  ${name}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return `\nCapabilities:\n${table(cells)}`;
}
