import { estimateTokens } from './answer/tokens.ts';
import type { ConverseRequest } from './converse/request.ts';
import { invalid } from './errors.ts';
import { checkMessages } from './invoke/claude/validate.ts';
import type { Call, Operation } from './operation.ts';
import { jsonReply } from './reply.ts';
import { checkConverse } from './rules/check.ts';
import { blob, checkShape, document, structure } from './rules/shape/shape.ts';
import { stage } from './scenarios/stage.ts';

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html */
const shape = structure(
  {
    input: structure({ invokeModel: structure({ body: blob }, 'body'), converse: document }),
  },
  'input',
);

interface CountBody {
  input: { invokeModel?: { body: string }; converse?: ConverseRequest };
}

/** POST /model/{modelId}/count-tokens: what the same request would be told that it cost. Throws BedrockError. */
export const countTokens: Operation = (call) => {
  checkShape(call.body ?? {}, shape);
  const { input } = call.body as CountBody;
  if (Object.keys(input).filter((key) => key === 'invokeModel' || key === 'converse').length !== 1)
    throw invalid('The input field must set one of the following keys: invokeModel, converse.');
  const request = input.invokeModel
    ? nativeRequest(input.invokeModel.body, call)
    : converseRequest(input, call);
  return stage(call, request, () => jsonReply({ inputTokens: estimateTokens(request) }));
};

function nativeRequest(base64: string, { model }: Call): ConverseRequest {
  return checkMessages(parsed(base64), model, { streams: false, counting: true }).request;
}

function converseRequest({ converse }: CountBody['input'], { model, world }: Call): ConverseRequest {
  const context = { model, family: model.family, streams: false, strict: world.strict };
  return checkConverse(converse, context);
}

function parsed(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    throw invalid('Malformed input request, please reformat your input and try again.');
  }
}
