import type { Target } from '../../lambda/models/target.ts';
import type { Io } from '../io.ts';
import { createParts, exit, readArgs, reporting, table, UsageError } from './command.ts';

const usage = `Usage: gateway resolve <name> [--region REGION] [--json]

Says what a model's name becomes, and why.`;

/** `gateway resolve`: what a name becomes, step by step. */
export function run(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const { values, positionals } = readArgs(args, {
      region: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    });
    if (values.help) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw new UsageError('Exactly one name is needed.');
    const { resolver } = createParts(io.env);
    const { target, reasons } = await resolver.explain(name, { region: values.region });
    io.stdout.write(
      values.json ? `${JSON.stringify({ target, reasons }, null, 2)}\n` : asText(target, reasons),
    );
    return exit.ok;
  });
}

function asText(target: Target, reasons: readonly string[]): string {
  const { capabilities } = target;
  const facts = [
    ['name', target.asked],
    ['called with', target.id],
    ['region', target.region],
    ['through', target.format ? `InvokeModel, format ${target.format}` : 'Converse'],
    ['model behind it', target.underlying ?? 'unknown'],
    ['family', capabilities.family],
    ['answers as', target.reportAs],
    ...(target.defaults ? [['defaults', JSON.stringify(target.defaults)]] : []),
  ];
  const why = reasons.map((reason, i) => `  ${i + 1}. ${reason}\n`).join('');
  const warnings = target.warnings.map((warning) => `Warning: ${warning}\n`).join('');
  return `${table(facts)}\nWhy:\n${why}${warnings && `\n${warnings}`}`;
}
