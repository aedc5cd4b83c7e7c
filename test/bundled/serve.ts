import { artifactIn, buildArtifact } from './artifact.ts';
import { startFront } from './front.ts';

/**
 * `node test/bundled/serve.ts`: builds the function and serves it on this machine, on Bedrock, until SIGINT or
 * SIGTERM. PORT is the port (8080); the function gets the environment of this process, as from `npm start -- --aws`.
 */
const environment = Object.fromEntries(
  Object.entries(process.env).map(([name, value = '']) => [name, value]),
);

const { root, remove } = buildArtifact();
process.once('exit', remove);
const front = await startFront({
  artifact: artifactIn(root),
  environment: () => environment,
  onLine: (line, from) => void process[from].write(`${line}\n`),
  port: Number(process.env.PORT ?? 8080),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void front.close().then(() => process.exit()));
}
process.stderr.write(`The bundled function answers at ${front.url}/v1\n`);
