import { says } from './bedrock-replies.ts';
import type { Reply, StandIn, StandInCall } from './bedrock-stand-in.ts';

/** `bon/sample`; `none/answer` for a call of no technique. */
export const stepOf = ({ converse }: StandInCall): string =>
  converse.requestMetadata?.['optimisation-step'] ?? 'none/answer';

/** What a model says to a call of a step, the `nth` of it from 0: a text, or another reply. */
export type Say = (step: string, nth: number, call: StandInCall) => string | Reply;

/** More calls than any request may make. */
const mostCalls = 200;

/** Bedrock answers by the step of each call. */
export function scriptSteps(bedrock: StandIn, say: Say): void {
  const counts = new Map<string, number>();
  const reply: Reply = (call, response) => {
    const step = stepOf(call);
    const nth = counts.get(step) ?? 0;
    counts.set(step, nth + 1);
    const said = say(step, nth, call);
    return (typeof said === 'string' ? says([{ type: 'text', text: said }]) : said)(call, response);
  };
  bedrock.script(...Array.from({ length: mostCalls }, () => reply));
}

/** The texts of a call's turns, by role. */
export const turnsOf = ({ converse }: StandInCall): { role: string; text: string }[] =>
  converse.messages.map(({ role, content }) => ({
    role,
    text: content.map(({ text }) => text ?? '').join('\n'),
  }));
