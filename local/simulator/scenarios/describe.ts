import { scenarioGroups } from './table.ts';

/** The tables of scenarios as `docs/simulator.md` has them; a test compares the two. */
export function scenarioTables(): string {
  return scenarioGroups
    .map(({ title, scenarios }) => {
      const rows = scenarios.map(
        ({ example, does }) => `| \`${example}\` | ${does.replaceAll('|', '\\|')} |`,
      );
      return [`### ${title}`, '', '| directive | what happens |', '|---|---|', ...rows].join('\n');
    })
    .join('\n\n');
}
