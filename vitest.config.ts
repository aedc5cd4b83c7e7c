import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

/**
 * Suites whose files share a process: neither their code nor its modules keep anything from one test to the next, and to
 * load the gateway or the CDK for each file would cost more than the tests do. What stubs the environment or replaces
 * timers for good is not among them.
 */
const shared = [
  'test/lambda/{accounting,admin,apis,auth,backends,batches,canonical,engine,fit,http,limits,models,policy,prices,properties,remote-media,streams,techniques}/**/*.test.ts',
  'test/local/simulator/**/*.test.ts',
  'test/{gateway,security}/**/*.test.ts',
  'test/lib/{access,access-regions,api-key-command,batches,deploy-docs,gateway-stack,limits-table,monitoring,nag}.test.ts',
];
/** Of those, what stubs the environment: these have processes of their own. */
export const aloneSuites = [
  'test/gateway/slow-secret.test.ts',
  'test/local/simulator/roles.test.ts',
  'test/security/headers.test.ts',
];

export default defineConfig({
  test: {
    // One more than there are cores: a third of the time the tests wait.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    coverage: {
      provider: 'v8',
      include: ['lambda/**/*.ts'],
      // These run in threads of their own, inside QuickJS or in a browser, where V8's coverage does not see them.
      exclude: [
        'lambda/sandbox/{guest-console,program-thread,solver-thread}.ts',
        'lambda/admin/browser/playground.ts',
      ],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 95, branches: 95 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: shared,
          exclude: [...configDefaults.exclude, ...aloneSuites],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: aloneSuites } },
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['test/**/*.test.ts'],
          // In a browser: `npm run test:browser`.
          exclude: [...configDefaults.exclude, ...shared, 'test/browser/**'],
        },
      },
    ],
  },
});
