import { expect, test } from 'vitest';
import { WorkhallError } from '#protocol/errors';
import { FixedClock } from '../platform/clock/index.ts';
import { SIGN_IN_LIMITS, SignInLimit } from './sign-in-limit.ts';

test('a burst passes, the next is told how long to wait, and waiting helps', () => {
  const clock = new FixedClock();
  const limit = new SignInLimit(clock);
  for (let i = 0; i < SIGN_IN_LIMITS.wallet.burst; i++) limit.pass('wallet', '10.0.0.1');
  const waitS = (() => {
    try {
      limit.pass('wallet', '10.0.0.1');
    } catch (thrown) {
      return (thrown as WorkhallError).problem.facts['waitS'] as number;
    }
    throw new Error('the limit let everybody pass');
  })();
  expect(waitS).toBe(2);
  clock.advance(waitS * 1000);
  expect(() => limit.pass('wallet', '10.0.0.1')).not.toThrow();
});

test('one address using up its share does not shut out another', () => {
  const limit = new SignInLimit(new FixedClock());
  expect(() => {
    for (let i = 0; i < 1_000; i++) limit.pass('guest', '10.0.0.1');
  }).toThrow(WorkhallError);
  expect(() => limit.pass('guest', '10.0.0.2')).not.toThrow();
});
