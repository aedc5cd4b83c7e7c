/** How a model counts: its tokenizer, and what its own prompt adds to a client's. */
export type Tokenizer = 'claude-3' | 'claude-4' | 'claude-4.7' | 'nova' | 'nova-2' | 'other';

/** In tokens, but for `scale`. */
export interface Counting {
  /** Tokens for each that words, numbers and marks come to. */
  scale: number;
  /** Of a request that says nothing. */
  request: number;
  /** For each message after the first. */
  message: number;
  /** Once, where there are tools: the instructions for using them. */
  tools: number;
  /** Once, where a tool has to be called. */
  forced: number;
  /** For each call of a tool and each result. */
  call: number;
  /** Once, where the model is asked to think. */
  thinking: number;
  /** Once, where the answer has a schema, beside the schema itself. */
  schema: number;
  /** Once, where a source is to be cited. */
  citations: number;
  /** For each document, beside what it says. */
  document: number;
  /** What an image costs at least and at most. */
  image: { least: number; most: number };
}

const claude3: Counting = {
  scale: 1.2,
  request: 8,
  message: 4,
  tools: 320,
  forced: 100,
  call: 32,
  thinking: 32,
  schema: 170,
  citations: 600,
  document: 60,
  image: { least: 1, most: 1600 },
};

const nova: Counting = {
  ...claude3,
  request: 20,
  tools: 340,
  forced: 0,
  call: 20,
  thinking: 50,
  image: { least: 540, most: 2600 },
};

/**
 * Measured on recorded answers, and rounded up, since what comes out too low lets a conversation outgrow its model
 * (docs/messages.md has the distribution of the errors). From 4.7 on the same text is about 30 per cent more tokens
 * (https://platform.claude.com/docs/en/build-with-claude/token-counting), and so is all that Claude's own prompt adds.
 * Images: https://platform.claude.com/docs/en/build-with-claude/vision
 */
export const counting: Readonly<Record<Tokenizer, Counting>> = {
  'claude-3': claude3,
  'claude-4': { ...claude3, tools: 510 },
  'claude-4.7': {
    scale: 1.6,
    request: 10,
    message: 5,
    tools: 690,
    forced: 130,
    call: 44,
    thinking: 44,
    schema: 230,
    citations: 840,
    document: 80,
    image: { least: 1, most: 4800 },
  },
  nova,
  'nova-2': { ...nova, request: 60, message: 6, tools: 820 },
  other: { ...nova, request: 30, message: 6, tools: 60 },
};
