import type { ConverseRequest } from '../../converse/request.ts';
import { invalid } from '../../errors.ts';
import { anthropicName } from '../../models/claude-models.ts';
import type { SimulatedModel } from '../../models/model.ts';
import { checkInvoke } from '../../rules/check.ts';
import { takesBeta } from '../../rules/claude-betas.ts';
import { halfPairRefusal } from '../../rules/whole-text.ts';
import type { Allowance } from './allowance.ts';
import type { MessagesBody } from './body.ts';
import { cacheMarks } from './marks.ts';
import { readForModel, readForRules } from './read.ts';
import { bodyRules } from './rules/table.ts';
import { bodyShape } from './shape/fields.ts';

/** A body that has been let through, and what it asks of the model. */
export interface CheckedBody {
  body: MessagesBody;
  request: ConverseRequest;
}

interface Circumstances {
  streams: boolean;
  counting: boolean;
}

/**
 * Checks a body of the Messages API: its version, its flags, its shape, what Anthropic says of a conversation, and
 * then every rule of Converse that holds here as well. Throws BedrockError.
 */
export function checkMessages(
  sent: unknown,
  model: SimulatedModel,
  { streams, counting }: Circumstances,
): CheckedBody {
  const half = halfPairRefusal(sent);
  if (half !== undefined) throw invalid(half);
  const allowance: Allowance = {
    model,
    family: model.family,
    betas: betasOf(sent, model, counting),
    counting,
  };
  refuse(bodyShape(allowance)(sent, ''));
  const body = sent as MessagesBody;
  for (const rule of bodyRules) refuse(rule.breach(body, allowance));
  checkInvoke(readForRules(body), {
    model,
    family: model.family,
    streams,
    strict: false,
    invoke: { marks: cacheMarks(body) },
  });
  return { body, request: readForModel(body) };
}

function refuse(text: string | undefined): void {
  if (text !== undefined) throw invalid(text);
}

/** CountTokens knows few flags. */
const counted = /^(?:interleaved-thinking|context-1m|computer-use)-/;

/** The flags of a body whose version is right, once all of them are known to be the model's. */
function betasOf(sent: unknown, model: SimulatedModel, counting: boolean): ReadonlySet<string> {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent))
    throw invalid('Malformed input request, please reformat your input and try again.');
  const { anthropic_version: version, anthropic_beta: betas = [], prompt } = sent as Record<string, unknown>;
  // langchain-ai/langchain#19549.
  if (prompt !== undefined && !('messages' in sent))
    throw invalid(
      `"${anthropicName(model.id)}" is not supported on this API. Please use the Messages API instead.`,
    );
  if (version === undefined) throw invalid('anthropic_version: Field required');
  // boto/boto3#4218.
  if (version !== 'bedrock-2023-05-31') {
    const said = typeof version === 'string' ? version : JSON.stringify(version);
    throw invalid(`Invalid API version: ${said}`);
  }
  if (!Array.isArray(betas)) throw invalid('anthropic_beta: Input should be a valid list');
  if (!betas.every((flag) => typeof flag === 'string'))
    throw invalid('anthropic_beta: Input should be a valid string');
  const known = (flag: string) => takesBeta(flag, model.id, 'invoke') && (!counting || counted.test(flag));
  if (!betas.every(known)) throw invalid('invalid beta flag');
  return new Set<string>(betas);
}
