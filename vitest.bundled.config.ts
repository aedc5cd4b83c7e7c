import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { aloneSuites } from './vitest.config.ts';

/** `npm run test:bundled`: every suite that asks a whole gateway, on the function as it is deployed. */
const suites = globSync('test/{gateway,security}/**/*.test.ts', { cwd: import.meta.dirname }).filter((path) =>
  /\b(?:startStack|startLimited|startStoring|startBatchStack|scriptedGateway)\(/.test(
    readFileSync(new URL(path, import.meta.url), 'utf8'),
  ),
);
const isAlone = (path: string) => aloneSuites.includes(path);

export default defineConfig({
  test: {
    env: { GATEWAY_ARTIFACT: 'bundle' },
    // A suite waits for the processes that it asks more than it computes.
    maxWorkers: 4,
    globalSetup: 'test/bundled/set-up.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      // As with the source, suites share a process: to load the simulator for each would cost more than some tests do.
      {
        extends: true,
        test: { name: 'shared', include: suites.filter((path) => !isAlone(path)), isolate: false },
      },
      { extends: true, test: { name: 'alone', include: suites.filter(isAlone) } },
    ],
  },
});
