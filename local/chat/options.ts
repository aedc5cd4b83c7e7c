import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { isObject } from '../../lambda/canonical/json.ts';
import type { OutputFormat } from '../../lambda/canonical/request.ts';
import type { JsonObject } from '../../lambda/canonical/types.ts';
import { readArgs, UsageError } from '../commands/command.ts';
import { headerKey } from '../commands/header-key.ts';
import type { ConversationSettings } from '../conversations/format.ts';
import { isOnSimulator } from '../use-simulator.ts';
import { type UserSettingName, type UserSettings, userSettings } from '../user-settings/table.ts';
import { withoutMark } from '../without-mark.ts';

export interface ChatOptions {
  help: boolean;
  message: string | undefined;
  /** What the command line says: it wins over what a conversation has. */
  given: ModelChoice;
  /** The same, and what is set where it says nothing: for a new conversation. */
  usual: ModelChoice;
  region: string | undefined;
  url: string | undefined;
  key: string | undefined;
  attach: string[];
  json: boolean;
  showReasoning: boolean;
  keep: boolean;
  resume: string | undefined;
  last: boolean;
}

export interface ModelChoice {
  model: string | undefined;
  settings: ConversationSettings;
}

const options = {
  model: { type: 'string', short: 'm' },
  fallback: { type: 'string' },
  region: { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
  system: { type: 'string' },
  effort: { type: 'string' },
  'max-tokens': { type: 'string' },
  temperature: { type: 'string' },
  'json-schema': { type: 'string' },
  attach: { type: 'string', short: 'a', multiple: true },
  resume: { type: 'string' },
  continue: { type: 'boolean', short: 'c' },
  'no-reasoning': { type: 'boolean' },
  'no-save': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What the command line says, over what is set. Throws UsageError with every reason. */
export async function readChatOptions(
  args: string[],
  set: UserSettings,
  env: Record<string, string | undefined>,
): Promise<ChatOptions> {
  const { values, positionals } = readArgs(args, options);
  if (values.resume !== undefined && values.continue)
    throw new UsageError('Give one of --resume and --continue.');
  const url = optional('chat.url', '--url', values.url) ?? usualUrl(set, env);
  if (values.region !== undefined && url !== undefined) {
    const named = values.url === undefined ? ` (${url}, which is set)` : '';
    throw new UsageError(
      `--region is for Bedrock: of a gateway${named} ask for the model custom:<region>:<model-id>.`,
    );
  }
  const schema = values['json-schema'];
  const given = {
    model: optional('chat.defaultModel', '--model', values.model),
    settings: defined({
      system: optional('chat.system', '--system', values.system),
      effort: optional('chat.effort', '--effort', values.effort),
      maxTokens: optional('chat.maxTokens', '--max-tokens', values['max-tokens']),
      temperature: optional('chat.temperature', '--temperature', values.temperature),
      fallbacks: optional('chat.fallbacks', '--fallback', values.fallback),
      outputFormat: schema === undefined ? undefined : await readSchema(schema),
    }),
  };
  const usual = defined({
    system: set['chat.system'],
    effort: set['chat.effort'],
    maxTokens: set['chat.maxTokens'],
    temperature: set['chat.temperature'],
    fallbacks: set['chat.fallbacks'],
  });
  // GATEWAY_REGIONS says more than one region can.
  const region = env.GATEWAY_REGIONS ? undefined : set['chat.region'];
  return {
    help: values.help ?? false,
    message: positionals.length > 0 ? positionals.join(' ') : undefined,
    given,
    usual: {
      model: given.model ?? set['chat.defaultModel'] ?? (env.DEFAULT_MODEL || undefined),
      settings: { ...usual, ...given.settings },
    },
    region: optional('chat.region', '--region', values.region) ?? region,
    url,
    key: keyOf(values.key, env.GATEWAY_API_KEY),
    attach: values.attach ?? [],
    json: values.json ?? false,
    showReasoning: values['no-reasoning'] ? false : (set['chat.reasoning'] ?? true),
    keep: values['no-save'] ? false : (set['conversations.keep'] ?? true),
    resume: values.resume,
    last: values.continue ?? false,
  };
}

/** The gateway that is set; none where the simulator was asked for. */
const usualUrl = (set: UserSettings, env: Record<string, string | undefined>): string | undefined =>
  isOnSimulator(env) ? undefined : set['chat.url'];

function keyOf(option: string | undefined, variable: string | undefined): string | undefined {
  if (option !== undefined) return headerKey('--key', option);
  return variable ? headerKey('GATEWAY_API_KEY', variable) : undefined;
}

const defined = (settings: ConversationSettings): ConversationSettings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));

/** The value of an option, where it is given. */
function optional<N extends UserSettingName>(
  name: N,
  option: string,
  text: string | undefined,
): UserSettings[N] | undefined {
  // It has come out of the setting's own schema.
  return text === undefined ? undefined : (readOption(name, option, text) as UserSettings[N]);
}

/** Options are read and judged as the settings of the same meaning are. */
function readOption(name: UserSettingName, option: string, text: string): unknown {
  const { read, schema } = userSettings[name];
  const result = v.safeParse(schema, read(text));
  if (result.success) return result.output;
  throw new UsageError(`${option} is ${JSON.stringify(text)}: ${result.issues[0].message}.`);
}

async function readSchema(path: string): Promise<OutputFormat> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--json-schema: ${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  const schema = parsed(withoutMark(text));
  if (isObject(schema))
    return { type: 'json_schema', name: 'answer', schema: schema as JsonObject, strict: true };
  throw new UsageError(`--json-schema: ${path} is no JSON object, as a JSON schema is.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
