import { type ListingName, listingNames, listings } from '../../lambda/bedrock/control-plane.ts';
import type { Endpoint } from '../../lambda/models/catalogue/entry.ts';
import type { Io } from '../io.ts';
import { createParts, describe, exit, type Parts, readArgs, reporting, UsageError } from './command.ts';
import { findCredentials } from './credentials.ts';
import { adviceFor, errorName } from './doctor-advice.ts';
import type { Finding } from './doctor-finding.ts';
import { checkIdentity } from './doctor-identity.ts';
import { checkAvailability, checkCall } from './doctor-model.ts';

const usage = `Usage: gateway doctor [--model NAME] [--call]

Checks settings, credentials and whose they are, regions, permissions and access to a model, and says what to do.
  --model  the model to check, and to call once, for a few tokens; without it DEFAULT_MODEL is looked at
  --call   also call the default model once`;

/** `gateway doctor`: 0 when nothing is wrong. */
export function run(args: string[], io: Io): Promise<number> {
  return reporting(io, usage, async () => {
    const { values, positionals } = readArgs(args, {
      model: { type: 'string' },
      call: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    });
    if (values.help) {
      io.stdout.write(`${usage}\n`);
      return exit.ok;
    }
    if (positionals.length > 0)
      throw new UsageError(`doctor takes options only: a model goes into --model ${positionals[0]}.`);
    const findings: Finding[] = [];
    for await (const finding of examine(io, values)) {
      findings.push(finding);
      io.stdout.write(render(finding));
    }
    const bad = findings.filter(({ state }) => state === 'bad').length;
    io.stdout.write(bad === 0 ? '\nNothing is wrong.\n' : `\n${bad} of ${findings.length} checks failed.\n`);
    return bad === 0 ? exit.ok : exit.failed;
  });
}

const marks: Readonly<Record<Finding['state'], string>> = { good: 'ok  ', note: 'note', bad: 'FAIL' };
const render = ({ state, text, todo }: Finding) =>
  `${marks[state]}  ${text}\n${todo && state !== 'good' ? `      → ${todo}\n` : ''}`;

async function* examine(io: Io, options: { model?: string; call?: boolean }): AsyncGenerator<Finding> {
  const parts = createParts(io.env);
  const { config } = parts;
  yield { state: 'good', text: `settings: valid; regions ${config.regions.join(', ')}` };
  const credentials = await findCredentials();
  yield credentials;
  if (credentials.state === 'bad') return;
  // STS knows nothing of Bedrock's API keys.
  if (credentials.signIn === 'credentials') yield await checkIdentity(config.regions[0]!);
  for (const region of config.regions) yield* await checkListings(parts, region);
  const model = options.model ?? config.defaultModel;
  if (model === undefined)
    yield {
      state: 'note',
      text: 'model access: not checked',
      todo: 'Name a model with --model, or set DEFAULT_MODEL.',
    };
  else yield* checkModel(parts, model, { named: options.model !== undefined, call: options.call === true });
}

/** Without these two there is no catalogue to speak of; the others each cost their own models. */
const essential = new Set<ListingName>(['foundationModels', 'systemProfiles']);

async function checkListings({ controlPlane }: Parts, region: string): Promise<Finding[]> {
  return Promise.all(
    listingNames.map(async (name): Promise<Finding> => {
      const { action, label } = listings[name];
      try {
        const found = await (await controlPlane()).list(name, region);
        return { state: 'good', text: `${region}, ${label}: ${found.length}` };
      } catch (error) {
        const state = essential.has(name) ? 'bad' : 'note';
        return { state, text: `${region}, ${label}: ${errorName(error)}`, todo: adviceFor(error, action) };
      }
    }),
  );
}

const notCalled = (id: string, uses: readonly Endpoint[]): Finding => ({
  state: 'note',
  text: `a call of ${id}: not made, as it is not for chats`,
  todo: `It serves ${uses.map((use) => routes[use]).join(' and ')}: one request there shows whether it answers.`,
});

const routes: Readonly<Record<Endpoint, string>> = {
  chat: 'POST /v1/chat/completions',
  embeddings: 'POST /v1/embeddings',
  rerank: 'POST /v1/rerank',
  images: 'POST /v1/images/generations',
  imageEdits: 'POST /v1/images/edits',
};

/** A model that was named is called; the default one when that is asked for. */
async function* checkModel(
  parts: Parts,
  name: string,
  { named, call }: { named: boolean; call: boolean },
): AsyncGenerator<Finding> {
  const about = named ? name : `the default model ${name}`;
  try {
    const { rows } = await parts.catalogue.load();
    const target = await parts.resolver.resolve(name);
    yield { state: 'good', text: `${about} is ${target.id} in ${target.region}` };
    for (const warning of target.warnings) yield { state: 'note', text: warning };
    yield* await checkAvailability(parts, target);
    const uses = rows.find(({ modelId }) => modelId === target.id)?.endpoints ?? [];
    if (uses.length > 0 && !uses.includes('chat')) yield notCalled(target.id, uses);
    else if (named || call) yield await checkCall(target);
  } catch (error) {
    const todo = 'Run `gateway models` for the names there are.';
    yield { state: 'bad', text: `${about}: ${describe(error)}`, todo };
  }
}
