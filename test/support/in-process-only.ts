import { describe } from 'vitest';

/**
 * The gateway suites run twice: on the source, in the process of the test, and with GATEWAY_ARTIFACT=bundle on the
 * deployed function in processes of its own (`npm run test:bundled`). Only `startStack` knows the difference.
 */
export const onBundle = process.env.GATEWAY_ARTIFACT === 'bundle';

/** What cannot be asked of the deployed function, and why. All of it is asked of the source. */
const reasons = {
  environment:
    'changes the environment while the gateway runs, which a process of the function has from its start',
  functions: 'calls functions of the source, not a gateway',
  timeouts:
    'the function waits for minutes where these tests wait for milliseconds, and has no setting for it',
  disconnects:
    'Lambda does not tell a function that its client has left; test/bundled has what happens there',
} as const;

/** `describe` for tests that run on the source alone. Their names then say why. */
export const inProcessOnly = (reason: keyof typeof reasons) => (name: string, tests: () => void) =>
  describe.skipIf(onBundle)(onBundle ? `${name} (on the source only: ${reasons[reason]})` : name, tests);
