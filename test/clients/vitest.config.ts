import { defineConfig } from 'vitest/config';

/** `npm run test:clients`. Programs are waited for, so a test has minutes; one file at a time, for two cores. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.client.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    reporters: ['verbose'],
  },
});
