import { parseArn } from '../../models/names/model-id.ts';
import { unsupported } from '../shared/bad-request.ts';
import type { ResponsesRequest } from './schema.ts';

/**
 * A reusable prompt. OpenAI's are not here; Bedrock's own have an ARN, which is called in the model's place, since a
 * prompt names its model itself. Throws a 400 for any other.
 */
export function withPrompt(request: ResponsesRequest): ResponsesRequest {
  const { prompt } = request;
  if (!prompt) return request;
  const { id, version, variables } = prompt;
  if (parseArn(id)?.resource !== 'prompt') {
    throw unsupported(
      `Unsupported value for 'prompt.id': only prompts of Amazon Bedrock's Prompt management can be called, by their ARN.`,
      'prompt.id',
    );
  }
  const model = version != null ? `${id}:${version}` : id;
  return { ...request, model, promptVariables: { ...textsOf(variables ?? {}), ...request.promptVariables } };
}

function textsOf(variables: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      if (typeof value === 'string') return [name, value];
      throw unsupported(
        `Unsupported value for 'prompt.variables': variables of prompts on Bedrock are texts.`,
        'prompt.variables',
      );
    }),
  );
}
