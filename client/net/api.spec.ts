import { afterEach, describe, expect, it, vi } from 'vitest';
import { HallApi } from './api.ts';

const api = new HallApi({ hallUrl: 'http://hall', token: () => null });
/** An answer of which the first bytes come, and then the line goes. */
const brokenOff = () =>
  new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array([1])),
      pull: (controller) => controller.error(new TypeError('network error')),
    }),
  );

describe('an answer of the hall', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it('that breaks off says that the hall cannot be reached, bytes and JSON alike', async () => {
    vi.stubGlobal('fetch', async () => brokenOff());
    const away = { problem: { scope: 'net', key: 'unreachable' } };
    await expect(api.entries('room', 0, 10)).rejects.toMatchObject(away);
    await expect(api.room('room')).rejects.toMatchObject(away);
  });

  it('that is whole and no JSON is one that this page does not understand', async () => {
    vi.stubGlobal('fetch', async () => new Response('<html>'));
    await expect(api.room('room')).rejects.toMatchObject({ problem: { scope: 'net', key: 'unreadable_answer' } });
  });
});
