import { tokensOfText } from '../answer/tokens.ts';
import { invalid } from '../errors.ts';
import type { Call, Reply } from '../operation.ts';
import { jsonReply } from '../reply.ts';
import { checkWholeText } from '../rules/whole-text.ts';
import { stage } from '../scenarios/stage.ts';
import { checkBody } from './body-schema.ts';
import { embeddingModels } from './embedding-models.ts';
import { fromPrompt } from './native-format.ts';
import { vectorOf } from './vector.ts';

/** InvokeModel of an embedding model. */
export function embed(call: Call): Reply {
  const family = embeddingModels.find(({ match }) => match.test(call.model.id));
  if (!family) throw invalid('The model is unsupported by the simulator.');
  checkWholeText(call.body);
  checkBody(call.body, family.schema);
  const texts = family.texts(call.body);
  const counts = texts.map(tokensOfText);
  const longest = Math.max(0, ...counts);
  if (longest > family.maxTokens) {
    // Titan's words, with counts (quoted in public issues).
    throw invalid(
      `400 Bad Request: Too many input tokens. Max input tokens: ${family.maxTokens}, request input token count: ${longest} `,
    );
  }
  const tokens = counts.reduce((sum, each) => sum + each, 0);
  return stage(call, fromPrompt(texts.join(' ')), () => {
    const vectors = texts.map((each) => vectorOf(each, family.dimensions(call.body)));
    // Marengo bills by request and counts nothing.
    const counted = !call.model.id.startsWith('twelvelabs.');
    return jsonReply(family.answer(vectors, call.body, tokens), {
      'x-amzn-bedrock-invocation-latency': '90',
      ...(counted && { 'x-amzn-bedrock-input-token-count': String(tokens) }),
    });
  });
}
