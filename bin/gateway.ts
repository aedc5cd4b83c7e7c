#!/usr/bin/env node
import { runGateway } from '../local/command-line.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A chat that listens itself keeps what came, and says how it ended.
  if (process.stdout.listenerCount('error') > 1) return;
  // Whoever reads no further, as `| head` does, has had enough: that is no fault to report. The status is the one that
  // shells give for it.
  if (error.code === 'EPIPE') process.exit(141);
  process.stderr.write(`gateway: what was to be printed cannot be written (${error.code}).\n`);
  process.exit(1);
});
// Messages that nobody reads any more are no reason to end what somebody may wait for.
process.stderr.on('error', () => {});

process.exitCode = await runGateway(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
});
