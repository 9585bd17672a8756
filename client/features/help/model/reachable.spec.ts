import { expect, it } from 'vitest';
import { UserId } from '#protocol/ids';
import { isReachable } from './reachable.ts';

it('who looks at the list has a page open, whatever the hall has heard of; of others the hall knows', () => {
  const [ann, eva] = ['ann', 'eva'].map((id) => UserId.parse(id)) as [UserId, UserId];
  expect(isReachable({ person: ann, isReachable: false }, ann)).toBe(true);
  expect(isReachable({ person: eva, isReachable: false }, ann)).toBe(false);
  expect(isReachable({ person: eva, isReachable: true }, ann)).toBe(true);
});
