/** One entry of `RTCPeerConnection.getStats()`, as far as it is read here (W3C webrtc-stats). */
export interface Stat {
  readonly type: string;
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

/** What the reports of some connections say together: the worst of losses and round trips, the least of estimates. */
export function factsOf(reports: readonly Iterable<Stat>[]): LinkFacts {
  let loss: number | null = null;
  let rttMs: number | null = null;
  let availableKbit: number | null = null;
  let [bytesSent, bytesReceived] = [0, 0];
  const worse = (known: number | null, one: number) => (known === null ? one : Math.max(known, one));
  for (const report of reports)
    for (const stat of report) {
      if (stat.type === 'remote-inbound-rtp') {
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
  return { loss, rttMs, availableKbit, bytesSent, bytesReceived };
}
