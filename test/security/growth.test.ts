import { describeGrowth } from './growth-suite.ts';

describeGrowth('work for a request to Chat Completions', 'growth-process.ts');
describeGrowth('work for a request to the Messages API', 'messages-growth-process.ts');
describeGrowth('work for a request to Responses', 'responses-growth-process.ts');
