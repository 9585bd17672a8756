import { afterEach, expect, it, vi } from 'vitest';
import { PeerLink } from './peer-link.ts';

/** Of a browser's connection what the link asks of one that is being made: it never comes about unless told. */
class SlowConnection {
  static readonly made: SlowConnection[] = [];
  connectionState: RTCPeerConnectionState = 'connecting';

  constructor() {
    SlowConnection.made.push(this);
  }
  addTransceiver(): object {
    return { sender: { replaceTrack: async () => undefined } };
  }
  close(): void {
    this.connectionState = 'closed';
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('gives a connection that is slow to come about twice the time with the next try, and the first time again once one stood', () => {
  vi.stubGlobal('RTCPeerConnection', SlowConnection);
  const around = { config: () => ({}), mic: () => null, signal: () => undefined, changed: () => undefined };
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const link = new PeerLink('a', 'b', around);
  const begunS: number[] = [];
  const lookUntilS = (fromS: number, toS: number) => {
    for (let second = fromS; second <= toS; second++) {
      const before = SlowConnection.made.length;
      clock.mockReturnValue(1000 * second);
      link.tend(1000 * second);
      if (SlowConnection.made.length > before) begunS.push(second);
    }
  };
  lookUntilS(1, 80);
  expect(begunS).toEqual([10, 30, 50, 70]);
  SlowConnection.made.at(-1)!.connectionState = 'connected';
  lookUntilS(81, 81);
  SlowConnection.made.at(-1)!.connectionState = 'connecting';
  lookUntilS(82, 95);
  expect(begunS.at(-1)).toBe(91);
});
