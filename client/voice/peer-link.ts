import type { VoiceClientMessages, VoiceServerMessages } from '#protocol/room/index';
import { newId } from '../net/new-id.ts';
import { withDtx } from './sdp.ts';

export type OutSignal = Omit<VoiceClientMessages['voice.signal'], 'to'>;
export type InSignal = VoiceServerMessages['voice.signal'];

export interface LinkSurroundings {
  readonly config: () => RTCConfiguration;
  /** What I send now, or null. */
  readonly mic: () => MediaStreamTrack | null;
  readonly signal: (signal: OutSignal) => void;
  /** Connected, lost, or another track. */
  readonly changed: () => void;
  /** What the one line carries; default: a voice. */
  readonly kind?: 'audio' | 'video';
}

/** A path that is broken for so long is looked for anew, ms; a network that wobbles often mends itself before. */
const BROKEN_MS = 2_500;
/**
 * A connection that does not come about in this time is begun anew, ms; the next may take twice as long. A slow machine on a line with
 * a second's round trip needs more than the first, and would begin for ever.
 */
const GIVE_UP_MS = 10_000;
const GIVE_UP_AT_MOST_MS = 20_000;
/** Who waits for an offer says after this time that none has come, ms. */
const KNOCK_MS = 3_000;

/**
 * The connection to one other person: one audio line, both ways, for as long as both are in the voice. Muting sends
 * nothing over it and negotiates nothing. Perfect negotiation (W3C webrtc-pc, 10.7): both sides may restart a broken
 * path at any time; the one with the smaller session id opens and, in a collision, prevails.
 */
export class PeerLink {
  track: MediaStreamTrack | null = null;
  readonly #isOpener: boolean;
  readonly #around: LinkSurroundings;
  #pc: RTCPeerConnection;
  #id = newId();
  /** The other side's connection, once it has spoken. */
  #theirs: string | null = null;
  #isMakingOffer = false;
  #isIgnoringOffer = false;
  #work: Promise<void> = Promise.resolve();
  #sinceMs = performance.now();
  #brokenSinceMs: number | null = null;
  #giveUpMs = GIVE_UP_MS;
  #isClosed = false;

  constructor(me: string, peer: string, around: LinkSurroundings) {
    this.#isOpener = me < peer;
    this.#around = around;
    this.#pc = this.#open();
  }

  get isConnected(): boolean {
    return this.#pc.connectionState === 'connected';
  }

  /** What it sends with; null before the other side has answered. */
  get sender(): RTCRtpSender | null {
    return this.#pc.getTransceivers()[0]?.sender ?? null;
  }

  /** For tests and the curious. */
  stats(): Promise<RTCStatsReport> {
    return this.#pc.getStats();
  }

  micChanged(): void {
    for (const transceiver of this.#pc.getTransceivers()) void transceiver.sender.replaceTrack(this.#around.mic());
  }

  /** The most that is sent, kilobits a second without the packets' own heads; null: as the browser likes. */
  setCeiling(kbit: number | null): void {
    const sender = this.sender;
    const parameters = sender?.getParameters();
    // Before the other side has answered there is nothing to set it on: it is asked for again.
    if (!sender || !parameters?.encodings?.[0]) return;
    const [encoding] = parameters.encodings;
    if (kbit === null) delete encoding.maxBitrate;
    else encoding.maxBitrate = kbit * 1000;
    sender.setParameters(parameters).catch((thrown: unknown) => console.debug('voice', thrown));
  }

  /** In order, each after the one before: descriptions and candidates build on each other. */
  hear(signal: InSignal): void {
    this.#work = this.#work
      .then(() => this.#take(signal))
      .catch((thrown: unknown) => {
        if (!this.#isClosed) console.warn('voice', thrown);
      });
  }

  /** Looks after the connection; called about once a second. */
  tend(nowMs: number): void {
    const { connectionState } = this.#pc;
    if (connectionState === 'connected') {
      this.#brokenSinceMs = null;
      this.#sinceMs = nowMs;
      this.#giveUpMs = GIVE_UP_MS;
      return;
    }
    if (connectionState === 'failed' || connectionState === 'disconnected') {
      this.#brokenSinceMs ??= nowMs;
      if (nowMs - this.#brokenSinceMs >= BROKEN_MS || connectionState === 'failed') {
        this.#brokenSinceMs = nowMs;
        this.#pc.restartIce();
      }
    }
    const hasNothing = !this.#isOpener && connectionState === 'new';
    if (nowMs - this.#sinceMs < (hasNothing ? KNOCK_MS : this.#giveUpMs)) return;
    this.#sinceMs = nowMs;
    if (!hasNothing) this.#giveUpMs = Math.min(GIVE_UP_AT_MOST_MS, 2 * this.#giveUpMs);
    if (!this.#isOpener) return void this.#tell({});
    // A description that a closed connection was taking never ends: nobody waits for it.
    this.#work = Promise.resolve();
    this.#renew();
  }

  close(): void {
    this.#isClosed = true;
    this.#pc.close();
  }

  #open(): RTCPeerConnection {
    const pc = new RTCPeerConnection(this.#around.config());
    const isMine = () => this.#isMine(pc);
    pc.onnegotiationneeded = async () => {
      try {
        this.#isMakingOffer = true;
        await pc.setLocalDescription();
        if (isMine()) this.#tell({ description: descriptionOf(pc) });
      } catch (thrown) {
        if (isMine()) console.warn('voice', thrown);
      } finally {
        this.#isMakingOffer = false;
      }
    };
    pc.onicecandidate = ({ candidate }) => {
      if (!candidate || !isMine()) return;
      const { candidate: text, sdpMid, sdpMLineIndex } = candidate;
      this.#tell({ candidate: { candidate: text, sdpMid, sdpMLineIndex } });
    };
    pc.ontrack = ({ track }) => {
      if (!isMine()) return;
      this.track = track;
      this.#around.changed();
    };
    pc.onconnectionstatechange = () => isMine() && this.#around.changed();
    if (this.#isOpener) {
      const { sender } = pc.addTransceiver(this.#around.kind ?? 'audio', { direction: 'sendrecv' });
      void sender.replaceTrack(this.#around.mic());
    }
    return pc;
  }

  #isMine(pc: RTCPeerConnection): boolean {
    return pc === this.#pc && !this.#isClosed;
  }

  /** A new connection in place of this one. */
  #renew(): void {
    this.#pc.close();
    this.#id = newId();
    this.#theirs = null;
    this.#isIgnoringOffer = false;
    this.track = null;
    this.#sinceMs = performance.now();
    this.#brokenSinceMs = null;
    this.#pc = this.#open();
    this.#around.changed();
  }

  #tell(body: Pick<OutSignal, 'description' | 'candidate'>): void {
    this.#around.signal({ link: this.#id, ...(this.#theirs ? { toLink: this.#theirs } : {}), ...body });
  }

  async #take({ link, toLink, description, candidate }: InSignal): Promise<void> {
    // What is meant for a connection that I gave up has nothing to say to this one.
    if (this.#isClosed || (toLink !== undefined && toLink !== this.#id)) return;
    const isKnown = this.#theirs === null || this.#theirs === link;
    if (!description && !candidate) {
      // A knock: they have nothing. A connection that is still coming about is left alone.
      const isYoung = performance.now() - this.#sinceMs < KNOCK_MS;
      if (this.#isOpener && (!isKnown || !(this.isConnected || isYoung))) this.#renew();
      this.#theirs = link;
      return;
    }
    // They have begun anew; what comes late from their former connection brings no offer.
    if (!isKnown && (this.#isOpener || description?.type !== 'offer')) return;
    if (!isKnown) this.#renew();
    this.#theirs = link;
    if (description) await this.#describe(description);
    else if (candidate)
      await this.#pc.addIceCandidate(candidate).catch((thrown: unknown) => {
        if (!this.#isIgnoringOffer) throw thrown;
      });
  }

  async #describe(description: NonNullable<InSignal['description']>): Promise<void> {
    const pc = this.#pc;
    const isOffer = description.type === 'offer';
    const isCollision = isOffer && (this.#isMakingOffer || pc.signalingState !== 'stable');
    this.#isIgnoringOffer = this.#isOpener && isCollision;
    if (this.#isIgnoringOffer) return;
    await pc.setRemoteDescription({ type: description.type, sdp: withDtx(description.sdp) });
    if (!isOffer || !this.#isMine(pc)) return;
    for (const transceiver of pc.getTransceivers()) {
      transceiver.direction = 'sendrecv';
      await transceiver.sender.replaceTrack(this.#around.mic());
      if (!this.#isMine(pc)) return;
    }
    await pc.setLocalDescription();
    if (this.#isMine(pc)) this.#tell({ description: descriptionOf(pc) });
  }
}

function descriptionOf(pc: RTCPeerConnection): NonNullable<OutSignal['description']> {
  const { type, sdp } = pc.localDescription!;
  return { type: type === 'offer' ? 'offer' : 'answer', sdp };
}
