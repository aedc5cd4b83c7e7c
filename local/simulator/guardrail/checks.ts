import { invalid } from '../errors.ts';
import type { Reply } from '../operation.ts';
import { jsonReply } from '../reply.ts';
import { checkShape, list, oneOf, string, structure } from '../rules/shape/shape.ts';
import { harmNames, harmsIn } from './guardrail.ts';

/** AWS offers it in some regions; the simulator has it in these. */
const regions = ['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-1', 'ap-northeast-1'];
export const hasGuardrailChecks = (region: string): boolean => regions.includes(region);

const attacks = ['JAILBREAK', 'PROMPT_INJECTION', 'PROMPT_LEAKAGE'];

/** What tells an entity; of all others nothing is ever found. */
const entityPatterns: Readonly<Record<string, RegExp>> = {
  CREDIT_DEBIT_CARD_NUMBER: /\b\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b/g,
  PASSWORD: /(?<=password is )\S+/gi,
  EMAIL: /\b\w{1,64}@\w{1,64}\b/g,
};
/** Smithy model of bedrock-runtime, GuardrailChecksSensitiveInformationEntityType. */
const entities =
  'ADDRESS AGE AWS_ACCESS_KEY AWS_SECRET_KEY CA_HEALTH_NUMBER CA_SOCIAL_INSURANCE_NUMBER CREDIT_DEBIT_CARD_CVV CREDIT_DEBIT_CARD_EXPIRY CREDIT_DEBIT_CARD_NUMBER DRIVER_ID EMAIL INTERNATIONAL_BANK_ACCOUNT_NUMBER IP_ADDRESS LICENSE_PLATE MAC_ADDRESS NAME PASSWORD PHONE PIN SWIFT_CODE UK_NATIONAL_HEALTH_SERVICE_NUMBER UK_NATIONAL_INSURANCE_NUMBER UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER URL USERNAME US_BANK_ACCOUNT_NUMBER US_BANK_ROUTING_NUMBER US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER US_PASSPORT_NUMBER US_SOCIAL_SECURITY_NUMBER VEHICLE_IDENTIFICATION_NUMBER'.split(
    ' ',
  );

const categories = (...names: string[]) =>
  structure(
    { categories: list(structure({ category: oneOf(...names) }, 'category'), 1, names.length) },
    'categories',
  );
const shape = structure(
  {
    messages: list(
      structure(
        {
          role: oneOf('user', 'assistant', 'system'),
          content: list(structure({ text: string({ min: 1 }) }, 'text'), 1),
        },
        'role',
        'content',
      ),
      1,
    ),
    checks: structure({
      contentFilter: categories(...harmNames),
      promptAttack: categories(...attacks),
      sensitiveInformation: structure(
        { entities: list(structure({ type: oneOf(...entities) }, 'type'), 1, entities.length) },
        'entities',
      ),
    }),
  },
  'messages',
  'checks',
);

interface ChecksBody {
  messages: { content: { text: string }[] }[];
  checks: {
    contentFilter?: { categories: { category: string }[] };
    promptAttack?: { categories: { category: string }[] };
    sensitiveInformation?: { entities: { type: string }[] };
  };
}

/** POST /guardrail-checks/invoke. Throws BedrockError. */
export function invokeGuardrailChecks(body: unknown): Reply {
  checkShape(body ?? {}, shape);
  const { messages, checks } = body as ChecksBody;
  const { contentFilter, promptAttack, sensitiveInformation } = checks;
  const made = Object.keys({ contentFilter, promptAttack, sensitiveInformation }).filter(
    (name) => checks[name as keyof typeof checks] !== undefined,
  );
  if (made.length === 0) throw invalid('At least one guardrail check must be specified.');
  const texts = messages.flatMap(({ content }) => content.map(({ text }) => text));
  const characters = texts.reduce((sum, { length }) => sum + length, 0);
  const usage = { textUnits: Math.ceil(characters / 1000) };
  const results = {
    ...(contentFilter && { contentFilter: { results: scores(contentFilter.categories, harmsIn(texts)) } }),
    ...(promptAttack && { promptAttack: { results: scores(promptAttack.categories, attacksIn(texts)) } }),
    ...(sensitiveInformation && {
      sensitiveInformation: {
        results: entitiesIn(messages, sensitiveInformation.entities),
        truncated: false,
      },
    }),
  };
  return jsonReply({ results, usage: Object.fromEntries(made.map((check) => [check, usage])) });
}

const scores = (asked: readonly { category: string }[], found: readonly string[]) =>
  asked.map(({ category }) => ({ category, severityScore: found.includes(category) ? 0.92 : 0.02 }));

const attacksIn = (texts: readonly string[]) =>
  texts.some((text) => /ignore (?:all )?previous instructions/i.test(text)) ? ['JAILBREAK'] : [];

function entitiesIn(messages: ChecksBody['messages'], asked: readonly { type: string }[]) {
  return messages.flatMap(({ content }, messageIndex) =>
    content.flatMap(({ text }, contentIndex) =>
      asked.flatMap(({ type }) =>
        [...text.matchAll(entityPatterns[type] ?? /(?!)/g)].map(({ index, 0: found }) => ({
          type,
          confidenceScore: 0.99,
          beginOffset: index,
          endOffset: index + found.length,
          messageIndex,
          contentIndex,
        })),
      ),
    ),
  );
}
