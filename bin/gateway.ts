#!/usr/bin/env node
import { runGateway } from '../local/command-line.ts';

// Whoever reads no further, as `| head` does, has had enough: that is no fault to report. The status is the one that
// shells give for it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  // A chat that listens itself keeps what came, and ends with the same status.
  if (process.stdout.listenerCount('error') > 1) return;
  process.exit(141);
});

process.exitCode = await runGateway(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
});
