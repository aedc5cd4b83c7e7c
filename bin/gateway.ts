#!/usr/bin/env node
import { runGateway } from '../local/command-line.ts';

process.exitCode = await runGateway(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
});
