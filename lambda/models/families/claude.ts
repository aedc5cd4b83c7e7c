import { claudeAdaptive } from './claude-adaptive.ts';
import { claudeWithBudget } from './claude-budget.ts';
import type { Family } from './family.ts';

export const claude: readonly Family[] = [...claudeWithBudget, ...claudeAdaptive];
