#!/usr/bin/env node
import { runGateway } from '../local/command-line.ts';

process.exitCode = await runGateway(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
});
