import { configDefaults, defineConfig } from 'vitest/config';

/**
 * Suites of pure functions: none of them touches the environment, the network or a module's state, so they share a
 * process. A process for each would cost more than the tests themselves.
 */
const pure =
  'test/lambda/{accounting,apis,canonical,engine,fit,models,policy,properties,streams}/**/*.test.ts';

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['lambda/**/*.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
      thresholds: { lines: 95, branches: 95 },
    },
    projects: [
      { extends: true, test: { name: 'pure', include: [pure], isolate: false } },
      {
        extends: true,
        test: { name: 'rest', include: ['test/**/*.test.ts'], exclude: [...configDefaults.exclude, pure] },
      },
    ],
  },
});
