/** Opus over RTP counts 48 000 ticks a second, whatever its own rate is (RFC 7587, 4.1). */
const TICKS_PER_MS = 48;

export interface RtpPlace {
  /** u16 */
  readonly sequenceNumber: number;
  /** u32, in 1/48000 s */
  readonly timestamp: number;
}

/**
 * One down track that carries one speaker after another: to the listener it is one stream, with sequence numbers and
 * timestamps that go on where the former speaker ended (RFC 3550, 7.1: a forwarder is a source of its own). What a
 * speaker's packets lost on the way up stays visible as a gap.
 */
export class SlotStream {
  #source: string | null = null;
  #seqOffset = 0;
  #timestampOffset = 0;
  #lastSeq: number | null = null;
  #lastTimestamp = 0;
  #lastMs = 0;

  /** `isFirst`: the first packet of another speaker; it carries the marker bit. */
  place(source: string, packet: RtpPlace, nowMs: number): RtpPlace & { isFirst: boolean } {
    const isFirst = source !== this.#source;
    if (isFirst) {
      this.#source = source;
      const seq = this.#lastSeq === null ? packet.sequenceNumber : (this.#lastSeq + 1) & 0xffff;
      const passed = this.#lastSeq === null ? 0 : Math.max(1, Math.round((nowMs - this.#lastMs) * TICKS_PER_MS));
      const timestamp = this.#lastSeq === null ? packet.timestamp : (this.#lastTimestamp + passed) >>> 0;
      this.#seqOffset = (seq - packet.sequenceNumber) & 0xffff;
      this.#timestampOffset = (timestamp - packet.timestamp) >>> 0;
    }
    const sequenceNumber = (packet.sequenceNumber + this.#seqOffset) & 0xffff;
    const timestamp = (packet.timestamp + this.#timestampOffset) >>> 0;
    // A packet that comes late must not take back the end of the stream.
    if (this.#lastSeq === null || isFirst || ((sequenceNumber - this.#lastSeq) & 0xffff) < 0x8000) {
      this.#lastSeq = sequenceNumber;
      this.#lastTimestamp = timestamp;
      this.#lastMs = nowMs;
    }
    return { sequenceNumber, timestamp, isFirst };
  }

  /** The speaker is not heard here any more: the next packet, even of theirs, is a new beginning. */
  end(): void {
    this.#source = null;
  }
}
