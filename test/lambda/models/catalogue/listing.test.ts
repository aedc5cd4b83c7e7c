import { expect, test } from 'vitest';
import { createListing } from '../../../../lambda/models/catalogue/listing.ts';

const hour = 3_600_000;

/** A listing whose calls end when the test says so. */
function held() {
  let time = 1_000_000;
  const calls: PromiseWithResolvers<string[]>[] = [];
  const load = () => {
    const call = Promise.withResolvers<string[]>();
    calls.push(call);
    return call.promise;
  };
  const listing = createListing(load, { ttlMs: hour, now: () => time });
  return { listing, calls, forward: (ms: number) => (time += ms), time: () => time };
}

test('one call is under way at a time', () => {
  const { listing, calls, forward } = held();
  const first = listing.refresh();
  forward(15_000);
  expect(listing.refresh()).toBe(first);
  expect(calls).toHaveLength(1);
});

test('a call that was frozen with its process is not waited for; what became of it does no harm', async () => {
  const { listing, calls, forward, time } = held();
  const frozen = listing.refresh();
  forward(hour);
  const fresh = listing.refresh();
  expect(calls).toHaveLength(2);
  expect(listing.since()).toBe(time());
  calls[0]?.reject(new Error('the connection was lost'));
  await frozen;
  expect(listing.trouble()).toBeUndefined();
  expect(listing.refresh()).toBe(fresh);
  calls[1]?.resolve(['a model']);
  await fresh;
  expect(listing.value()).toEqual(['a model']);
  expect(listing.refresh()).toBeUndefined();
});
