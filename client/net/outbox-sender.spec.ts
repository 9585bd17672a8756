import { describe, expect, it, vi } from 'vitest';
import { OpId } from '#protocol/ids';
import type { Op } from '#protocol/journal/index';
import { OutboxSender } from './outbox-sender.ts';

const ops = (count: number, payload: unknown = { id: 'a', name: 'A' }): Op[] =>
  Array.from({ length: count }, (_, i) => ({ id: OpId.parse(`op${i}`), type: 'part.rename', payload }));

describe('sending what waits', () => {
  it('sends in order, at most 400 unanswered, and goes on with full messages as answers come', async () => {
    const messages: string[][] = [];
    const sender = new OutboxSender();
    sender.begin(ops(1_000), (sent) => messages.push(sent.map(({ id }) => id)));
    expect(messages.map((message) => message.length)).toEqual([100, 100, 100, 100]);
    for (let i = 0; i < 99; i++) sender.answered(`op${i}`);
    await Promise.resolve();
    expect(messages).toHaveLength(4);
    sender.answered('op99');
    await Promise.resolve();
    expect(messages[4]).toHaveLength(100);
    for (let i = 100; i < 1_000; i++) {
      sender.answered(`op${i}`);
      await Promise.resolve();
    }
    expect(messages.flat()).toEqual(ops(1_000).map(({ id }) => id));
  });

  it('stays under the rate at which the server closes, even if it answers at once', () => {
    vi.useFakeTimers();
    try {
      let messages = 0;
      const sender = new OutboxSender(() => Date.now());
      const big = ops(2_000, { parts: Array.from({ length: 400 }) });
      sender.begin(big, (sent) => {
        messages += 1;
        for (const { id } of sent) sender.answered(id);
      });
      vi.advanceTimersByTime(10_000);
      sender.stop();
      // 400 at once and 100 a second are allowed, for everything this client says.
      expect(messages).toBeGreaterThan(600);
      expect(messages).toBeLessThan(120 + 10 * 61);
    } finally {
      vi.useRealTimers();
    }
  });

  it('sends everything unanswered again with the next connection, and what is new after it', async () => {
    const sender = new OutboxSender();
    const [first, second, late] = ops(3) as [Op, Op, Op];
    sender.begin([first, second], () => undefined);
    sender.answered(first.id);
    sender.stop();
    sender.push(late);
    const sent: string[] = [];
    sender.begin([second, late], (message) => sent.push(...message.map(({ id }) => id)));
    expect(sent).toEqual([second.id, late.id]);
  });
});
