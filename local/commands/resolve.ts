import type { Target } from '../../lambda/models/target.ts';
import type { Io } from '../io.ts';
import { createParts, exit, readArgs, reporting, table, UsageError } from './command.ts';
import { priceFacts } from './price-text.ts';

const usage = `Usage: gateway resolve <name> [--region REGION] [--capabilities] [--json]

Says what a model's name becomes, why, and what it costs; with --capabilities also what the gateway knows of the model.`;

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
    const { resolver, prices } = createParts(io.env);
    const { target, reasons } = await resolver.explain(name, { region: values.region });
    const { id: modelId, underlying, region } = target;
    const { price, endOfLife } = prices({ modelId, underlying, region });
    if (values.json)
      io.stdout.write(`${JSON.stringify({ target, reasons, price: price ?? null, endOfLife }, null, 2)}\n`);
    else {
      const cost = [...priceFacts(price), ...(endOfLife === undefined ? [] : [['ends', endOfLife]])];
      io.stdout.write(asText(target, reasons, cost) + (values.capabilities ? knowledge(target) : ''));
    }
    return exit.ok;
  });
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
