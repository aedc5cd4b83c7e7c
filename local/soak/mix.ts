import { hostile } from './hostile.ts';

/** How a stream has to end. */
export type Ending = 'complete' | 'failed' | 'refused' | 'left';

export interface Part {
  /** The simulator's directives. */
  how: string;
  ending: Ending;
  /** Of so many streams. */
  share: number;
  /** Instead of a prompt with the directives. */
  messages?: (apiKey: string) => object[];
}

/** Text deltas of a stream that nothing happens to, and milliseconds between them. */
export const deltas = 80;
const pace = `[[events:${deltas}]] [[slow:40]]`;

/** Mostly good streams, slow as a model's, with every kind of fault sprinkled in. */
export const mix: readonly Part[] = [
  { how: pace, ending: 'complete', share: 60 },
  { how: `${pace} [[unknown-event]]`, ending: 'complete', share: 2 },
  { how: `${pace} [[unknown-delta]]`, ending: 'complete', share: 2 },
  { how: `${pace} [[stream-error:throttlingException:30]]`, ending: 'failed', share: 3 },
  { how: `${pace} [[stream-error:modelStreamErrorException:10]]`, ending: 'failed', share: 3 },
  { how: `${pace} [[reset-mid-stream:20]]`, ending: 'failed', share: 3 },
  { how: `${pace} [[truncate:15]]`, ending: 'failed', share: 2 },
  { how: '[[events:40]] [[bad-crc:20]]', ending: 'failed', share: 2 },
  { how: '[[events:40]] [[bad-prelude-crc:20]]', ending: 'failed', share: 2 },
  { how: `${pace} [[no-message-stop]]`, ending: 'failed', share: 2 },
  { how: `${pace} [[stall-mid-stream:10]]`, ending: 'failed', share: 3 },
  { how: '[[throttle]]', ending: 'refused', share: 2 },
  { how: '[[unavailable]]', ending: 'refused', share: 2 },
  { how: '[[validation]]', ending: 'refused', share: 1 },
  { how: '[[reset]]', ending: 'refused', share: 2 },
  { how: '[[stream-error:internalServerException:0]]', ending: 'refused', share: 2 },
  { how: '[[empty-200]]', ending: 'refused', share: 1 },
  { how: pace, ending: 'left', share: 6 },
  ...Object.entries(hostile).map(([how, messages]): Part => ({ how, messages, ending: 'refused', share: 1 })),
];

/** Each part as often as its share. */
const drawn = mix.flatMap((part) => Array.from({ length: part.share }, () => part));

/** The part for a number from 0 to 1, exclusive. */
export const pick = (at: number): Part => drawn[Math.floor(at * drawn.length)] as Part;
