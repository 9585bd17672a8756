import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Store } from '../../net/store.ts';
import type { RoomSession } from '../../net/room-session.types.ts';
import { WorkhallError } from '#protocol/errors';
import { RoomHistory } from './room-history.ts';

describe('the history of a room while the connection goes and comes', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks nothing while away, and reads on by itself when the line is back', async () => {
    const connection = new Store({ state: 'live' } as ReturnType<RoomSession['connection']['get']>);
    let change = () => {};
    const onChanges = (listener: () => void) => {
      change = listener;
      return () => {};
    };
    const session = { room: 'room', connection, onChanges } as unknown as RoomSession;
    const api = {
      room: vi.fn(async () => ({ length: 0 })),
      entries: vi.fn(async () => {
        throw new WorkhallError('net', 'unreachable', 'The hall cannot be reached.');
      }),
    };
    const history = new RoomHistory(session, api as never);
    const stop = history.read();
    await vi.advanceTimersByTimeAsync(0);
    expect(history.store.get().state).toBe('failed');
    connection.set({ state: 'reconnecting' } as never);
    change();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(api.entries).toHaveBeenCalledTimes(1);
    connection.set({ state: 'live' } as never);
    await vi.advanceTimersByTimeAsync(0);
    expect(api.entries).toHaveBeenCalledTimes(2);
    stop();
    connection.set({ state: 'reconnecting' } as never);
    connection.set({ state: 'live' } as never);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(api.entries).toHaveBeenCalledTimes(2);
  });
});
