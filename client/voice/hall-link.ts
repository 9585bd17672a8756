import { VOICE_SLOTS, type VoiceServerMessages } from '#protocol/room/index';
import { newId } from '../net/new-id.ts';
import type { LinkSurroundings } from './peer-link.ts';
import { withDtx } from './sdp.ts';

interface HallSurroundings extends Omit<LinkSurroundings, 'signal'> {
  readonly offer: (link: string, sdp: string) => void;
}

/** A connection to the hall that stays away or breaks is tried again after these times, ms. */
const RETRY_MS = [500, 1_000, 2_000, 5_000];
const BROKEN_MS = 3_000;
const GIVE_UP_MS = 8_000;

/**
 * My connection to the hall's forwarder: one line up, a few down, negotiated once. Whose voice comes on which line
 * changes with `voice.slots`, without negotiation. A broken one is replaced as a whole.
 */
export class HallLink {
  readonly #around: HallSurroundings;
  #pc: RTCPeerConnection | null = null;
  #id = '';
  #slots: VoiceServerMessages['voice.slots']['slots'] = [];
  #sinceMs = 0;
  #retryAtMs = 0;
  #failures = 0;
  #brokenSinceMs: number | null = null;

  constructor(around: HallSurroundings) {
    this.#around = around;
    this.#open();
  }

  get isConnected(): boolean {
    return this.#pc?.connectionState === 'connected';
  }

  async stats(): Promise<RTCStatsReport | null> {
    return (await this.#pc?.getStats()) ?? null;
  }

  /** The track on which this person is heard now. */
  trackOf(session: string): MediaStreamTrack | null {
    const slot = this.#slots.findIndex((id) => id === session);
    return slot < 0 ? null : (this.#pc?.getTransceivers()[slot + 1]?.receiver.track ?? null);
  }

  /** All down tracks. */
  get tracks(): MediaStreamTrack[] {
    const [, ...down] = this.#pc?.getTransceivers() ?? [];
    return down.map(({ receiver }) => receiver.track);
  }

  micChanged(): void {
    void this.#pc?.getTransceivers()[0]?.sender.replaceTrack(this.#around.mic());
  }

  deal({ slots }: VoiceServerMessages['voice.slots']): void {
    this.#slots = slots;
    this.#around.changed();
  }

  async answered(answer: VoiceServerMessages['voice.answer']): Promise<void> {
    const pc = this.#pc;
    if (!pc || answer.link !== this.#id) return;
    if ('problem' in answer) return this.#fail();
    try {
      await pc.setRemoteDescription({ type: 'answer', sdp: withDtx(answer.sdp) });
    } catch (thrown) {
      console.warn('voice', thrown);
      if (pc === this.#pc) this.#fail();
    }
  }

  tend(nowMs: number): void {
    if (!this.#pc) return nowMs >= this.#retryAtMs ? this.#open() : undefined;
    const { connectionState } = this.#pc;
    if (connectionState === 'connected') {
      this.#failures = 0;
      this.#brokenSinceMs = null;
      return;
    }
    const isBroken = connectionState === 'failed' || connectionState === 'disconnected';
    this.#brokenSinceMs = isBroken ? (this.#brokenSinceMs ?? nowMs) : null;
    const isOver =
      connectionState === 'failed' ||
      (this.#brokenSinceMs !== null && nowMs - this.#brokenSinceMs > BROKEN_MS) ||
      (!isBroken && nowMs - this.#sinceMs > GIVE_UP_MS);
    if (isOver) this.#fail();
  }

  close(): void {
    this.#pc?.close();
    this.#pc = null;
  }

  #open(): void {
    const pc = new RTCPeerConnection({ ...this.#around.config(), bundlePolicy: 'max-bundle' });
    this.#pc = pc;
    this.#id = newId();
    this.#slots = [];
    this.#sinceMs = performance.now();
    this.#brokenSinceMs = null;
    const up = pc.addTransceiver('audio', { direction: 'sendonly' });
    void up.sender.replaceTrack(this.#around.mic());
    const lines = [up];
    for (let i = 0; i < VOICE_SLOTS; i++) lines.push(pc.addTransceiver('audio', { direction: 'recvonly' }));
    const opus = RTCRtpReceiver.getCapabilities('audio')?.codecs.filter(({ mimeType }) => /opus/i.test(mimeType));
    if (opus?.length) for (const line of lines) line.setCodecPreferences?.(opus);
    pc.onconnectionstatechange = () => pc === this.#pc && this.#around.changed();
    pc.setLocalDescription().then(
      () => pc === this.#pc && this.#around.offer(this.#id, pc.localDescription!.sdp),
      (thrown: unknown) => console.warn('voice', thrown),
    );
  }

  #fail(): void {
    this.close();
    this.#retryAtMs = performance.now() + RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)]!;
    this.#failures += 1;
    this.#around.changed();
  }
}
