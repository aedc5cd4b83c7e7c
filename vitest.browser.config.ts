import { defineConfig } from 'vitest/config';

/** `npm run test:browser`: the usage page in Chromium, where there is one. */
export default defineConfig({
  test: { include: ['test/browser/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
