/** One entry of `RTCPeerConnection.getStats()`, as far as it is read here (W3C webrtc-stats). */
export interface Stat {
  readonly type: string;
  /** When it was so, ms; of what the other side reports, when that came. */
  readonly timestamp?: number;
  readonly kind?: string;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly packetsSent?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly fractionLost?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly availableOutgoingBitrate?: number;
  readonly state?: string;
  readonly nominated?: boolean;
  readonly frameHeight?: number;
  readonly framesPerSecond?: number;
}

export interface LinkFacts {
  /** Of the packets that I sent lately, as the other side reports; the worst of all links. */
  readonly loss: number | null;
  readonly rttMs: number | null;
  readonly availableKbit: number | null;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/**
 * The other side reports on what it gets, some seconds apart (RFC 3550, 6.2), and browsers keep its last report for ever: where nothing
 * is sent any more, that of a bad line stays. Older than this it says nothing about the line, ms.
 */
const STALE_MS = 12_000;

/** What the reports of some connections say together: the worst of losses and round trips, the least of estimates. */
export function factsOf(reports: readonly Iterable<Stat>[]): LinkFacts {
  let loss: number | null = null;
  let rttMs: number | null = null;
  let availableKbit: number | null = null;
  let [bytesSent, bytesReceived] = [0, 0];
  const worse = (known: number | null, one: number) => (known === null ? one : Math.max(known, one));
  for (const report of reports) {
    const stats = [...report];
    const nowMs = Math.max(...stats.map(({ timestamp = -Infinity }) => timestamp));
    for (const stat of stats) {
      if (stat.type === 'remote-inbound-rtp') {
        if (stat.timestamp !== undefined && nowMs - stat.timestamp > STALE_MS) continue;
        if (stat.fractionLost !== undefined) loss = worse(loss, stat.fractionLost);
        if (stat.roundTripTime !== undefined) rttMs = worse(rttMs, stat.roundTripTime * 1000);
      } else if (stat.type === 'candidate-pair' && stat.state === 'succeeded' && stat.nominated) {
        if (stat.currentRoundTripTime !== undefined) rttMs = worse(rttMs, stat.currentRoundTripTime * 1000);
        if (stat.availableOutgoingBitrate !== undefined) {
          const kbit = stat.availableOutgoingBitrate / 1000;
          availableKbit = availableKbit === null ? kbit : Math.min(availableKbit, kbit);
        }
      } else if (stat.type === 'outbound-rtp') bytesSent += stat.bytesSent ?? 0;
      else if (stat.type === 'inbound-rtp') bytesReceived += stat.bytesReceived ?? 0;
    }
  }
  return { loss, rttMs, availableKbit, bytesSent, bytesReceived };
}
