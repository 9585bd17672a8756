import { expect, it } from 'vitest';
import { cardKey } from './card-key.ts';

it('a question is asked afresh at the next step of the thread and in the next run, and kept while one is at it', () => {
  const at = (step: string, attempt = 1) => ({ thread: 'main', step: step as never, attempt });
  expect(cardKey('run', at('hazards'))).not.toBe(cardKey('run', at('energies')));
  expect(cardKey('run', at('hazards'))).not.toBe(cardKey('again', at('hazards')));
  // After a wrong answer one corrects it, and does not begin from nothing.
  expect(cardKey('run', at('hazards', 2))).toBe(cardKey('run', at('hazards', 1)));
});
