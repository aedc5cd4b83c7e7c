import { findGuardrail } from '../models/guardrails.ts';
import type { Reply } from '../operation.ts';
import { jsonReply } from '../reply.ts';
import { guardrailQualifier } from '../rules/shape/converse.ts';
import { blob, checkShape, list, oneOf, string, structure } from '../rules/shape/shape.ts';
import type { World } from '../world.ts';
import {
  blockedAssessment,
  blockedText,
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
  content: { text?: { text: string } }[];
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
  const texts = (body as ApplyBody).content.flatMap(({ text }) => (text ? [text.text] : []));
  return jsonReply({ ...verdictOn(texts), usage: policyUnits });
}

function verdictOn(texts: readonly string[]): object {
  if (isBlocked(texts)) {
    return {
      action: 'GUARDRAIL_INTERVENED',
      outputs: [{ text: blockedText }],
      assessments: [{ ...blockedAssessment, ...measured }],
    };
  }
  if (texts.some(isMasked)) {
    return {
      action: 'GUARDRAIL_INTERVENED',
      outputs: texts.map((text) => ({ text: masked(text) })),
      assessments: [{ ...maskedAssessment, ...measured }],
    };
  }
  return { action: 'NONE', outputs: [], assessments: [measured] };
}
