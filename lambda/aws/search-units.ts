/** Documents that are one search to a reranking model (https://aws.amazon.com/bedrock/pricing/). */
const documentsInUnit = 100;

/** What ranking is billed by: a search unit for every hundred documents that have begun. */
export const searchUnits = (documents: number): number => Math.ceil(documents / documentsInUnit);
