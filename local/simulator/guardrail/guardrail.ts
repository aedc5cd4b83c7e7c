import type { Answer } from '../answer/answer.ts';

/** What the simulated guardrails do not let in, and what they mask. */
export const blockedWord = 'forbidden';
export const maskedWord = 'confidential';

export const blockedText = 'Sorry, the guardrail blocked this request.';

export const isBlocked = (texts: readonly string[]): boolean =>
  texts.some((text) => text.toLowerCase().includes(blockedWord)) || harmsIn(texts).length > 0;

/** What content filters find, by the word that they find it by. */
const harmWords = {
  HATE: 'hateful',
  INSULTS: 'insulting',
  SEXUAL: 'sexual',
  VIOLENCE: 'violent',
  MISCONDUCT: 'criminal',
} as const;
export const harmNames = Object.keys(harmWords);

/** Which of them stand in any of these texts. */
export function harmsIn(texts: readonly string[]): string[] {
  const said = texts.map((text) => text.toLowerCase());
  return Object.entries(harmWords)
    .filter(([, word]) => said.some((text) => text.includes(word)))
    .map(([harm]) => harm);
}
export const isMasked = (text: string): boolean => text.toLowerCase().includes(maskedWord);
export const masked = (text: string): string => text.replace(new RegExp(maskedWord, 'gi'), '{NAME}');

/** The answer as a guardrail lets it pass that has assessed these texts of its request. */
export function guarded(answer: Answer, id: string, assessed: readonly string[]): Answer {
  if (!isBlocked(assessed)) return withoutNames(answer, id);
  return {
    blocks: [{ text: blockedText }],
    stopReason: 'guardrail_intervened',
    stopSequence: null,
    blocked: true,
    guardrailTrace: { inputAssessment: { [id]: { ...blockedAssessment, ...measured } } },
  };
}

function withoutNames(answer: Answer, id: string): Answer {
  const clear = { inputAssessment: { [id]: measured } };
  const found = answer.blocks.some((block) => 'text' in block && isMasked(block.text));
  if (!found) return { ...answer, guardrailTrace: clear };
  return {
    ...answer,
    blocks: answer.blocks.map((block) => ('text' in block ? { text: masked(block.text) } : block)),
    stopReason: 'guardrail_intervened',
    guardrailTrace: { ...clear, outputAssessments: { [id]: [{ ...maskedAssessment, ...measured }] } },
  };
}

export const blockedAssessment = {
  topicPolicy: { topics: [{ name: 'Forbidden', type: 'DENY', action: 'BLOCKED' }] },
};
export const maskedAssessment = {
  sensitiveInformationPolicy: { piiEntities: [{ action: 'ANONYMIZED', match: maskedWord, type: 'NAME' }] },
};

const usage = {
  contentPolicyUnits: 1,
  contextualGroundingPolicyUnits: 0,
  sensitiveInformationPolicyFreeUnits: 0,
  sensitiveInformationPolicyUnits: 1,
  topicPolicyUnits: 1,
  wordPolicyUnits: 1,
};
export const measured = {
  invocationMetrics: {
    guardrailCoverage: { textCharacters: { guarded: 0, total: 70 } },
    guardrailProcessingLatency: 236,
    usage,
  },
};
export const policyUnits = usage;
