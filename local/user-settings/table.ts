import { homedir } from 'node:os';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { efforts } from '../../lambda/canonical/request.ts';

/** One setting of a person's, in the file and in the environment. */
export interface UserSetting<T> {
  /** The environment variable that says the same, and wins. */
  variable: string;
  /** An older name of it. */
  alsoVariable?: string;
  about: string;
  /** Of the value as the file has it. */
  schema: v.GenericSchema<T>;
  /** From a text: an argument or a variable. What cannot be read stays a text, which the schema then refuses. */
  read: (text: string) => unknown;
}

const asIs = (text: string): unknown => text;
const asNumber = (text: string): unknown =>
  /^-?(\d+(\.\d*)?|\.\d+)$/.test(text.trim()) ? Number(text) : text;
const asList = (text: string): unknown => text.split(',').map((each) => each.trim());
/** From wherever a command is started, the folder is the same one. */
const asFolder = (text: string): unknown =>
  text.trim() === '' ? text : resolve(text.trim().replace(/^~(?=$|[/\\])/, homedir()));
const asFlag = (text: string): unknown => ({ true: true, false: false })[text.trim()] ?? text;

const someText = (what: string) => v.pipe(v.string(what), v.trim(), v.nonEmpty(what));
const model = someText('it must be the name of a model');
const keyArn = /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:(key|alias)\/[\w/-]+$/;
const encryption = 'it must be none, passphrase, or kms: and the ARN of a key';
const address = 'it must be an http:// or https:// URL, such as https://….lambda-url.us-east-1.on.aws/v1';

const setting = <T>(
  variable: string,
  about: string,
  schema: v.GenericSchema<T>,
  read: UserSetting<T>['read'] = asIs,
  alsoVariable?: string,
): UserSetting<T> => ({ variable, about, schema, read, ...(alsoVariable && { alsoVariable }) });

/** Every setting of `gateway config`. docs/terminal.md has the same list; a test compares. */
export const userSettings = {
  'chat.defaultModel': setting('CHAT_MODEL', 'The model that is asked where none is named.', model),
  'chat.fallbacks': setting(
    'CHAT_FALLBACKS',
    'Models to try after it, separated by commas.',
    v.pipe(v.array(model, 'it must be a list of models'), v.minLength(1, 'it must name a model')),
    asList,
  ),
  'chat.region': setting(
    'AWS_REGION',
    'The region to call, where the model’s name says none.',
    v.pipe(
      v.string('it must be an AWS region'),
      v.regex(/^[a-z]+(-[a-z]+)+-\d+$/, 'it must be an AWS region'),
    ),
  ),
  'chat.system': setting('CHAT_SYSTEM', 'The system prompt.', someText('it must be a text')),
  'chat.effort': setting(
    'CHAT_EFFORT',
    `How hard the model thinks: ${efforts.join(', ')}.`,
    v.picklist(efforts, `it must be one of ${efforts.join(', ')}`),
  ),
  'chat.maxTokens': setting(
    'CHAT_MAX_TOKENS',
    'Tokens that an answer may have.',
    v.pipe(
      v.number('it must be a whole number from 1 on'),
      v.integer('it must be a whole number from 1 on'),
      v.minValue(1, 'it must be a whole number from 1 on'),
    ),
    asNumber,
  ),
  'chat.temperature': setting(
    'CHAT_TEMPERATURE',
    'From 0 to 1.',
    v.pipe(
      v.number('it must be a number from 0 to 1'),
      v.minValue(0, 'it must be a number from 0 to 1'),
      v.maxValue(1, 'it must be a number from 0 to 1'),
    ),
    asNumber,
  ),
  'chat.reasoning': setting(
    'CHAT_REASONING',
    'Whether the model’s reasoning is shown: true or false.',
    v.boolean('it must be true or false'),
    asFlag,
  ),
  'chat.url': setting(
    'GATEWAY_URL',
    'The base URL of a gateway to ask instead of Bedrock; its key comes from `GATEWAY_API_KEY` or `--key`.',
    v.pipe(
      v.string(address),
      v.regex(/^https?:\/\/\S+$/, address),
      v.check((text) => URL.canParse(text), address),
    ),
  ),
  'conversations.keep': setting(
    'CONVERSATIONS_KEEP',
    'Whether conversations are kept: true or false.',
    v.boolean('it must be true or false'),
    asFlag,
  ),
  'conversations.folder': setting(
    'CONVERSATIONS_DIR',
    'The folder that they are kept in.',
    someText('it must be the path of a folder'),
    asFolder,
    'REDUX_CONVERSATIONS_DIR',
  ),
  'conversations.encryption': setting(
    'CONVERSATIONS_ENCRYPTION',
    '`none`, `passphrase` (from `CONVERSATIONS_PASSPHRASE` or asked for) or `kms:<key-arn>`.',
    v.pipe(
      v.string(encryption),
      v.check(
        (text) => /^(none|passphrase)$/.test(text) || keyArn.test(text.replace(/^kms:/, '')),
        encryption,
      ),
      v.check((text) => !text.startsWith('arn:'), encryption),
    ),
  ),
} as const;

type Table = typeof userSettings;
export type UserSettingName = keyof Table;
type ValueOf<Row> = Row extends UserSetting<infer T> ? T : never;
/** What is set, from the environment or the file; what is not is absent. */
export type UserSettings = { readonly [Name in UserSettingName]?: ValueOf<Table[Name]> };

export const isUserSetting = (name: string): name is UserSettingName => Object.hasOwn(userSettings, name);
export const userSettingNames = Object.keys(userSettings).filter(isUserSetting);
