import { expect, test } from 'vitest';
import { createPending } from '../../../lambda/http/pending.ts';

test('settles when all has ended, what was added meanwhile included', async () => {
  const reported: unknown[] = [];
  const pending = createPending((error) => reported.push(error));
  const first = Promise.withResolvers<void>();
  const order: string[] = [];
  pending.add(
    first.promise.then(() => {
      order.push('first');
      pending.add(Promise.reject(new Error('second')).finally(() => order.push('second')));
    }),
  );
  const settled = pending.settled().then(() => order.push('settled'));
  first.resolve();
  await settled;
  expect(order).toEqual(['first', 'second', 'settled']);
  expect(reported).toMatchObject([{ message: 'second' }]);
});
