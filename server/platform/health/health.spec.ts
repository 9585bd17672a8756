import { expect, test } from 'vitest';
import { Health } from './index.ts';

test('one part that is down makes the hall unhealthy, and the report names it', async () => {
  const health = new Health();
  health.register('database', async () => ({ ok: true, detail: 'PostgreSQL 18.4' }));
  expect((await health.report()).ok).toBe(true);
  health.register('chain', async () => ({ ok: false, detail: 'no answer' }));
  expect(await health.report()).toMatchObject({ ok: false, parts: { database: { ok: true }, chain: { ok: false } } });
});

test('a check that throws or hangs counts as down instead of breaking the report', async () => {
  const health = new Health();
  health.register('throws', async () => {
    throw new Error('connection refused');
  });
  health.register('hangs', () => new Promise(() => {}));
  const { parts } = await health.report();
  expect(parts['throws']).toEqual({ ok: false, detail: 'connection refused' });
  expect(parts['hangs']?.detail).toContain('no answer');
});
