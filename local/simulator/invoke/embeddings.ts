import { tokensOfText } from '../answer/tokens.ts';
import { invalid } from '../errors.ts';
import type { Call, Reply } from '../operation.ts';
import { jsonReply } from '../reply.ts';
import { imageFormat } from '../rules/image-header.ts';
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
  family.check?.(call.body);
  const texts = family.texts(call.body);
  const images = family.images?.(call.body) ?? [];
  const shown = images.map((image) => checkedImage(image, call.model.id));
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
    // An image and its text are one thing.
    const things = shown.length > 0 ? [[...texts, ...shown].join(' ')] : texts;
    const vectors = things.map((each) => vectorOf(each, family.dimensions(call.body)));
    // Marengo bills by request and counts nothing.
    const counted = !call.model.id.startsWith('twelvelabs.');
    return jsonReply(family.answer(vectors, call.body, tokens), {
      'x-amzn-bedrock-invocation-latency': '90',
      ...(counted && { 'x-amzn-bedrock-input-token-count': String(tokens) }),
    });
  });
}

/** What each takes by its page; the others take all four. */
const narrow: readonly (readonly [RegExp, readonly string[]])[] = [
  [/titan-embed-image|embed-(?:english|multilingual)-v3|marengo/, ['png', 'jpeg']],
];

/** Its bytes as text, to make a vector of. Cohere's are data URLs, the others' plain base64. */
function checkedImage(given: string, modelId: string): string {
  const [, declared, data] = /^data:image\/([a-z]+);base64,(.*)$/s.exec(given) ?? [];
  const isCohere = modelId.startsWith('cohere.');
  if (isCohere !== (data !== undefined)) throw invalid('Could not process the image: it has the wrong form.');
  const bytes = Buffer.from(data ?? given, 'base64');
  const format = imageFormat(bytes);
  const taken = narrow.find(([match]) => match.test(modelId))?.[1] ?? ['png', 'jpeg', 'gif', 'webp'];
  if (format === undefined || !taken.includes(format) || (isCohere && declared !== format))
    throw invalid('Could not process the image: its format is not supported.');
  return bytes.toString('latin1');
}
