import { answers } from './answers.ts';
import { breakages } from './breakage.ts';
import { toolCalls } from './calls.ts';
import { paces } from './pace.ts';
import { refusals } from './refusals.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario, in the groups in which `docs/simulator.md` shows them. */
export const scenarioGroups: readonly { title: string; scenarios: readonly Scenario[] }[] = [
  { title: 'Refusals', scenarios: refusals },
  { title: 'Broken answers', scenarios: breakages },
  { title: 'Pace', scenarios: paces },
  { title: 'What the model says', scenarios: answers },
  { title: 'What the model calls', scenarios: toolCalls },
];

export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  scenarioGroups.flatMap((group) => group.scenarios.map((scenario) => [scenario.name, scenario] as const)),
);
