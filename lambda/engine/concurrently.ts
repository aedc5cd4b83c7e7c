/**
 * Runs over all items, `limit` at a time, and keeps their order. The first failure is thrown at once and
 * nothing more is begun; `onFailure` ends what is under way.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  limit: number,
  run: (item: T) => Promise<R>,
  onFailure: (error: unknown) => void,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < items.length && !failed) {
      const index = next;
      next += 1;
      results[index] = await run(items[index] as T);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  } catch (error) {
    failed = true;
    onFailure(error);
    throw error;
  }
  return results;
}
