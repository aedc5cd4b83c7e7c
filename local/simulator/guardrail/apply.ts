import { findGuardrail } from '../models/guardrails.ts';
import type { Reply } from '../operation.ts';
import { jsonReply } from '../reply.ts';
import { guardrailQualifier } from '../rules/shape/converse.ts';
import { blob, checkShape, list, oneOf, string, structure } from '../rules/shape/shape.ts';
import type { World } from '../world.ts';
import {
  blockedAssessment,
  blockedText,
  blockedWord,
  harmNames,
  harmsIn,
  isBlocked,
  isMasked,
  masked,
  maskedAssessment,
  measured,
  policyUnits,
} from './guardrail.ts';

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html */
const shape = structure(
  {
    source: oneOf('INPUT', 'OUTPUT'),
    content: list(
      structure({
        text: structure({ text: string(), qualifiers: list(guardrailQualifier) }, 'text'),
        image: structure(
          { format: oneOf('png', 'jpeg'), source: structure({ bytes: blob }) },
          'format',
          'source',
        ),
      }),
    ),
    outputScope: oneOf('INTERVENTIONS', 'FULL'),
  },
  'source',
  'content',
);

interface ApplyBody {
  content: { text?: { text: string }; image?: { source: { bytes: string } } }[];
  outputScope?: 'INTERVENTIONS' | 'FULL';
}

export interface ApplyCall {
  identifier: string;
  version: string;
  body: unknown;
  region: string;
  world: World;
}

/** POST /guardrail/{guardrailIdentifier}/version/{guardrailVersion}/apply. Throws BedrockError. */
export function applyGuardrail({ identifier, version, body, region, world }: ApplyCall): Reply {
  checkShape(body ?? {}, shape);
  findGuardrail(identifier, version, region, world);
  const { content, outputScope = 'INTERVENTIONS' } = body as ApplyBody;
  const texts = content.flatMap(({ text }) => (text ? [text.text] : []));
  // Pictures show what is written in their bytes.
  const pictures = content.flatMap(({ image }) =>
    image ? [Buffer.from(image.source.bytes, 'base64').toString('latin1')] : [],
  );
  const harms = harmsIn([...texts, ...pictures]);
  const filters = filtersOf(harms, outputScope === 'FULL');
  return jsonReply({ ...verdictOn(texts, harms, filters), usage: policyUnits });
}

/** Every filter with its confidence, or only those that have found something. */
function filtersOf(harms: readonly string[], all: boolean): object {
  const filters = harmNames
    .map((type) => ({ type, isFound: harms.includes(type) }))
    .filter(({ isFound }) => all || isFound)
    .map(({ type, isFound }) => ({
      type,
      confidence: isFound ? 'HIGH' : 'NONE',
      filterStrength: 'HIGH',
      action: isFound ? 'BLOCKED' : 'NONE',
      detected: isFound,
    }));
  return filters.length > 0 ? { contentPolicy: { filters } } : {};
}

function verdictOn(texts: readonly string[], harms: readonly string[], filters: object): object {
  if (harms.length > 0 || isBlocked(texts)) {
    const isDenied = texts.some((text) => text.toLowerCase().includes(blockedWord));
    return {
      action: 'GUARDRAIL_INTERVENED',
      outputs: [{ text: blockedText }],
      assessments: [{ ...filters, ...(isDenied && blockedAssessment), ...measured }],
    };
  }
  if (texts.some(isMasked)) {
    return {
      action: 'GUARDRAIL_INTERVENED',
      outputs: texts.map((text) => ({ text: masked(text) })),
      assessments: [{ ...filters, ...maskedAssessment, ...measured }],
    };
  }
  return { action: 'NONE', outputs: [], assessments: [{ ...filters, ...measured }] };
}
