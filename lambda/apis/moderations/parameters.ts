import { docs } from '../../docs.ts';
import { type Parameters, used } from '../shared/parameters.ts';

/** Every parameter and what becomes of it: behind `x-gateway-ignored`, the strict mode and docs/moderations.md. */
export const parameters: Parameters = {
  model: used(
    docs &&
      '`omni-moderation-latest`, the default: the guardrail that is enforced, else Bedrock’s checks. `text-moderation-latest`: the checks. The id or ARN of a guardrail, `:` and its version behind it: that one, else its draft.',
  ),
  input: used(
    docs &&
      'A text; a list of texts, each judged by itself, up to 2,048; or a list of parts, `text` and `image_url`, judged together.',
  ),
};
