import { loadProgram } from '../../lambda/sandbox/program.ts';

/** Runs programs that take all the memory they get, and prints by how much this process has grown at most. */
const programs = [
  'const a = []; for (;;) a.push(new Array(1e5).fill(a.length))',
  'const a = []; for (;;) a.push(new Uint8Array(1e6))',
  'const m = new Map(); for (let i = 0; ; i++) m.set("key " + i, { i })',
  'let s = []; for (;;) s.push("x".repeat(1e5) + s.length)',
  'const a = []; for (;;) a.push(() => a)',
  'const f = () => { Promise.resolve().then(f); Promise.resolve().then(f) }; f()',
  'for (;;) Promise.reject(new Error("x".repeat(1e4)))',
  'new SharedArrayBuffer(1e9)',
];
const mb = () => process.resourceUsage().maxRSS / 1024;

const run = await loadProgram((message, error) => console.error(message, error));
const { signal } = new AbortController();
await run('console.log(1)', 5000, signal);
const before = mb();
const results = await Promise.all(programs.map((source) => run(source, 1500, signal)));
console.log(JSON.stringify({ grownMb: mb() - before, failed: results.every(({ failed }) => failed) }));
