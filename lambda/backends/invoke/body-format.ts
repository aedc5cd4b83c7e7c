import type { ConverseRequest, JsonObject } from '../../canonical/types.ts';
import type { Capabilities } from '../../models/capabilities.ts';
import type { ChatTemplate } from './templates/template.ts';
import type { TemplateName } from './templates/templates.ts';

/**
 * How a body of InvokeModel is written. Answers are read the same way for all of them (`answer-reader.ts`,
 * `piece.ts`), because a model may answer in another format than it was asked in.
 */
export interface BodyFormat {
  /** The template for formats that have only a prompt, where a format's name does not say another. */
  template?: TemplateName;
  /** What it can carry, for `fit/` to go by. */
  capabilities: Partial<Capabilities>;
  /**
   * The body, never with `stream`: the operation decides. Throws a 400 that names what the format cannot
   * carry. `template` is undefined for formats that carry messages.
   */
  toBody(request: ConverseRequest, template: ChatTemplate | undefined): JsonObject;
}
