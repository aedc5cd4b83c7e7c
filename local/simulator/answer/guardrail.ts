import { type ConverseRequest, lastUserText } from '../converse/request.ts';
import type { Answer } from './answer.ts';

/** What the simulated guardrail does not let in, and what it masks on the way out. */
export const blockedWord = 'forbidden';
export const maskedWord = 'confidential';

const blockedText = 'Sorry, the guardrail blocked this request.';

/** The answer as the guardrail lets it pass; unchanged when none is configured or nothing is found. */
export function guarded(answer: Answer, request: ConverseRequest): Answer {
  const config = request.guardrailConfig;
  if (!config) return answer;
  const id = config.guardrailIdentifier.replace(/^.*\//, '');
  if (lastUserText(request).toLowerCase().includes(blockedWord)) {
    const assessment = {
      topicPolicy: { topics: [{ name: 'Forbidden', type: 'DENY', action: 'BLOCKED' }] },
      ...measured,
    };
    return {
      blocks: [{ text: blockedText }],
      stopReason: 'guardrail_intervened',
      stopSequence: null,
      blocked: true,
      guardrailTrace: { inputAssessment: { [id]: assessment } },
    };
  }
  return masked(answer, id);
}

function masked(answer: Answer, id: string): Answer {
  const clear = { inputAssessment: { [id]: measured } };
  const pattern = new RegExp(maskedWord, 'gi');
  const found = answer.blocks.some(
    (block) => 'text' in block && block.text.toLowerCase().includes(maskedWord),
  );
  if (!found) return { ...answer, guardrailTrace: clear };
  const entity = { action: 'ANONYMIZED', match: maskedWord, type: 'NAME' };
  const assessment = { sensitiveInformationPolicy: { piiEntities: [entity] }, ...measured };
  return {
    ...answer,
    blocks: answer.blocks.map((block) =>
      'text' in block ? { text: block.text.replace(pattern, '{NAME}') } : block,
    ),
    stopReason: 'guardrail_intervened',
    guardrailTrace: { ...clear, outputAssessments: { [id]: [assessment] } },
  };
}

const measured = {
  invocationMetrics: {
    guardrailCoverage: { textCharacters: { guarded: 0, total: 70 } },
    guardrailProcessingLatency: 236,
    usage: {
      contentPolicyUnits: 1,
      contextualGroundingPolicyUnits: 0,
      sensitiveInformationPolicyFreeUnits: 0,
      sensitiveInformationPolicyUnits: 1,
      topicPolicyUnits: 1,
      wordPolicyUnits: 1,
    },
  },
};
