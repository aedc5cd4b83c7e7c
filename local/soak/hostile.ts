import { sealToolCallId } from '../../lambda/apis/reasoning/sealed-id.ts';
import { deriveStateKey } from '../../lambda/auth/state-key.ts';

/** Small requests that would become large ones: each must be refused, and leave nothing behind. */
export const hostile: Readonly<Record<string, (apiKey: string) => object[]>> = {
  'many calls in the arguments of one, under a long id': () => [
    user,
    called('c'.repeat(17_000), '{}'.repeat(8500)),
    user,
  ],
  'sealed states that unpack to a hundred times their size': (apiKey) => {
    const reasoningText = { text: 'A'.repeat(250_000), signature: 's' };
    const id = sealToolCallId('t', [{ reasoningContent: { reasoningText } }], deriveStateKey(apiKey));
    return [user, ...Array.from({ length: 110 }, () => called(id)), user];
  },
  'one image, named a hundred times': () => [
    {
      role: 'user',
      content: Array.from({ length: 100 }, () => ({ type: 'image_url', image_url: elsewhere })),
    },
  ],
};

const user = { role: 'user', content: 'Go on.' };
/** Not on the public Internet: refused without a connection. */
const elsewhere = 'https://127.0.0.1/image.png';

function called(id: string, args = '{}') {
  return {
    role: 'assistant',
    tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: args } }],
  };
}
