import type { NativeRequest } from '../../lambda/canonical/native.ts';
import { capabilitiesOf } from '../../lambda/models/families/capabilities-of.ts';
import { checkMessages } from '../../local/simulator/invoke/claude/validate.ts';
import { refusalOf, simulatedModel, textModels } from './simulated-models.ts';

/** Every Claude of the simulator's catalogue that speaks the Messages API. */
export const claudes = textModels.filter((id) => capabilitiesOf(id).messages !== undefined);

/** What the simulator says to a body of InvokeModel; undefined when it takes it. */
export function messagesRefusal(id: string, { body }: Pick<NativeRequest, 'body'>): string | undefined {
  const sent = JSON.parse(JSON.stringify(body));
  return refusalOf(() => checkMessages(sent, simulatedModel(id), { streams: true, counting: false }));
}
