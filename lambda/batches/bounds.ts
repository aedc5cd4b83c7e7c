/** What one batch may be at most, whatever stands in it. */
export const batchBounds = {
  /** Records of one job at least, of every model by default (https://docs.aws.amazon.com/general/latest/gr/bedrock.html). */
  minRequests: 100,
  /** The most that most models take in one job, and that OpenAI takes in one file. */
  requests: 50_000,
  /** OpenAI's limit of a file; Bedrock takes 1 GB. */
  inputBytes: 200_000_000,
  /** Of one line: what Bedrock takes in one call. */
  lineBytes: 25_000_000,
  /** Models of one batch of Anthropic's: each is a job. */
  models: 8,
  /** What has to be kept for the way back of all requests of a batch: their ids, tools and formats. */
  contextBytes: 64_000_000,
  /** Files or batches that one list looks through. */
  listed: 10_000,
} as const;
