import type { GatewayError } from '../../errors.ts';
import type { Note } from '../../fields.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import { chatRepairs } from './chat.ts';
import { memberRepair, messagesRepairs } from './messages.ts';
import { reasoningRepairs } from './reasoning.ts';
import { requestRepairs } from './request.ts';
import { responsesRepairs } from './responses.ts';
import { toolRepairs } from './tools.ts';

/** What a refusal says about a model: fitted again with this, the same request may be accepted. */
export interface Repair {
  correction: Partial<Capabilities>;
  /** The same for whoever believes otherwise of the model; undefined: to these it says nothing new. */
  correct: (capabilities: Capabilities) => Partial<Capabilities> | undefined;
  /** Becomes `x-gateway-warnings`. */
  warning: Note;
  /** The refusal is about this request's schemas and says nothing about the model: not to be remembered. */
  onlyThisRequest?: true;
  /** The words of the refusal that say so: of a group `said`, else all that matched. */
  said: string;
}

/**
 * Bedrock's refusals that name something the request can do without, or say in another way. The texts are
 * Bedrock's and its models' own, as recorded or quoted in public issues; the family table should know better
 * beforehand, so each of these is a row of that table that is missing or was overtaken by a new model.
 */
const rows = [
  ...requestRepairs,
  ...messagesRepairs,
  ...reasoningRepairs,
  ...toolRepairs,
  ...responsesRepairs,
  ...chatRepairs,
  memberRepair,
];

const noOperation = 'UnknownOperationException';

/** Characters of a refusal that are read: those that can be repaired are a sentence or two. */
const maxRead = 1000;

/** The repair that a refusal suggests, or undefined where it suggests none that the table does not know. */
export function repairFor(error: GatewayError, capabilities: Capabilities): Repair | undefined {
  const { upstream } = error;
  // An endpoint without the path refuses every request, in no words of its own.
  const hasNoPath = upstream?.name === noOperation;
  if (!upstream || (error.status >= 500 && !hasNoPath)) return undefined;
  const said = hasNoPath ? noOperation : upstream.message.slice(0, maxRead);
  for (const { text, correct, warning, onlyThisRequest } of rows) {
    const match = text.exec(said);
    const correction = match && correct(capabilities, match);
    if (correction)
      return {
        correction,
        correct: (others) => correct(others, match),
        warning,
        said: match.groups?.said ?? match[0],
        ...(onlyThisRequest && { onlyThisRequest }),
      };
  }
  return undefined;
}
