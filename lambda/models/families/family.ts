import type { Docs } from '../../docs.ts';
import type { Capabilities } from '../capabilities.ts';

/** One row of the table: models that behave alike. */
export interface Family {
  /** For people. */
  title: Docs;
  /** Matched against the base model id, in lower case. The first family that matches is the model's. */
  match: RegExp;
  /** Where the row's facts come from: a model card, recorded traffic, an issue. */
  source: Docs;
  capabilities: Capabilities;
}

export type Traits = Omit<Capabilities, 'family'>;

export function family(
  name: string,
  row: Omit<Family, 'capabilities'>,
  base: Traits,
  changes: Partial<Traits> = {},
): Family {
  return { ...row, capabilities: { family: name, ...base, ...changes } };
}

/** BerriAI/litellm's model map of November 2026, whose maintainers check live what a model refuses. */
export const litellm = 'BerriAI/litellm 1.110.2';

/** Tokens as model cards count them: 64K is 64,000, 128K is 128,000. */
export const k = (thousands: number): number => thousands * 1000;

/**
 * What most models on Converse have in common. Rows say what differs. A cell without evidence is false where
 * asking for the feature would be refused, true where leaving it out would take something from the client.
 */
export const common: Traits = {
  system: true,
  midConversationSystem: false,
  assistantFirst: false,
  assistantLast: true,
  streams: true,
  tools: true,
  toolsInStream: true,
  toolChoice: { any: false, tool: false },
  strictTools: false,
  disableParallelTools: false,
  hyphenInToolNames: true,
  toolUseId: 'any',
  toolResultsAlone: false,
  toolCallsAlone: false,
  toolResultStatus: false,
  toolResultMedia: { image: false, document: false, video: false },
  image: false,
  document: false,
  video: false,
  audio: false,
  stopSequences: true,
  refusesSampling: false,
  temperatureXorTopP: false,
  reasoning: { kind: 'none' },
  reasoningReplay: false,
  structuredOutput: 'prompt',
};

/** Where sources differ, the highest bounds what a client may ask for, and the model card's is sent for a silent one. */
export const output = (card: number, highest = card): Partial<Traits> => ({
  maxOutputTokens: highest,
  ...(highest !== card && { defaultMaxTokens: card }),
});

/** What open-weight models take as `reasoning_effort`: all of them accepted it in AWS's own probe of August 2026. */
export const openWeightEfforts = ['low', 'medium', 'high'] as const;
