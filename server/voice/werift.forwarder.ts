import {
  RTCPeerConnection,
  type RTCRtpSender,
  RTCRtpCodecParameters,
  RTP_EXTENSION_URI,
  RtpHeader,
  RtpPacket,
  useAudioLevelIndication,
} from 'werift';
import { WorkhallError } from '#protocol/errors';
import type { ClientId } from '#protocol/ids';
import { VOICE_SLOTS } from '#protocol/room/index';
import { VoiceForwarder, type ForwardedCircle, type ForwarderListener, type Offer } from './forwarder.ts';
import { problems } from './problems.ts';
import { SlotStream } from './slot-stream.ts';
import { assignSlots, TopSpeakers } from './top-speakers.ts';

export interface WeriftOptions {
  /** UDP ports; default: any that is free. Each person takes one per address of this machine. */
  readonly udpPorts?: readonly [number, number] | undefined;
  /** Address under which people reach this machine when it is not one of its own (behind a 1:1 NAT). */
  readonly announcedAddress?: string | undefined;
}

/** How often is looked who fell silent, ms. Who begins to speak is in with their first packet. */
const LOOK_MS = 100;
/** Level of a packet whose sender measures none (RFC 6464), dB below full scale; Opus says silence in at most 2 bytes. */
const UNMEASURED_DB = 40;
const SILENT_DB = 127;
const DTX_BYTES = 2;
/** Gathering has no server to wait for; whoever needs longer than this has a broken offer, ms. */
const ANSWER_MS = 5_000;

/** In-band correction against loss, and next to nothing sent while nobody speaks. */
const OPUS = 'minptime=10;useinbandfec=1;usedtx=1';

/** Forwards RTP as it comes: nothing is decoded, a packet costs one decryption and one encryption per listener. */
export class WeriftForwarder extends VoiceForwarder {
  readonly isUp = true;
  readonly detail = 'forwards in this process';
  readonly #circles = new Set<WeriftCircle>();
  readonly #options: WeriftOptions;

  constructor(options: WeriftOptions = {}) {
    super();
    this.#options = options;
  }

  open(_circle: string, listener: ForwarderListener): ForwardedCircle {
    const circle: WeriftCircle = new WeriftCircle(this.#options, listener, () => this.#circles.delete(circle));
    this.#circles.add(circle);
    return circle;
  }

  async stop(): Promise<void> {
    for (const circle of this.#circles) circle.close();
  }
}

class WeriftCircle implements ForwardedCircle {
  readonly #peers = new Map<ClientId, Peer>();
  readonly #speakers = new TopSpeakers({ most: VOICE_SLOTS });
  readonly #look = setInterval(() => this.#speakers.advance(performance.now()) && this.#deal(), LOOK_MS);

  readonly #options: WeriftOptions;
  readonly #listener: ForwarderListener;
  readonly #onClose: () => void;

  constructor(options: WeriftOptions, listener: ForwarderListener, onClose: () => void) {
    this.#options = options;
    this.#listener = listener;
    this.#onClose = onClose;
  }

  async answer(session: ClientId, { sdp, speaks, to }: Offer): Promise<string> {
    this.remove(session);
    const peer: Peer = new Peer(this.#options, {
      heard: (packet, level) => this.#heard(session, peer, packet, level),
      gone: () => {
        if (this.#peers.get(session) !== peer) return;
        this.remove(session);
        this.#listener.gone(session);
      },
    });
    peer.speaks = speaks;
    peer.to = to ? new Set(to) : null;
    this.#peers.set(session, peer);
    try {
      const answer = await within(ANSWER_MS, peer.answer(sdp));
      this.#dealTo(session, peer);
      return answer;
    } catch (cause) {
      if (this.#peers.get(session) === peer) this.remove(session);
      else peer.close();
      throw cause instanceof WorkhallError ? cause : problems.offerUnusable(cause);
    }
  }

  setSpeaks(session: ClientId, speaks: boolean, to?: readonly ClientId[]): void {
    const peer = this.#peers.get(session);
    if (!peer) return;
    peer.speaks = speaks;
    peer.to = to ? new Set(to) : null;
    if (!speaks) this.#speakers.forget(session);
    this.#deal();
  }

  remove(session: ClientId): void {
    this.#peers.get(session)?.close();
    this.#peers.delete(session);
    if (this.#speakers.forget(session)) this.#deal();
  }

  close(): void {
    clearInterval(this.#look);
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
    this.#onClose();
  }

  #heard(session: ClientId, peer: Peer, packet: RtpPacket, level: number): void {
    if (!peer.speaks || this.#peers.get(session) !== peer) return;
    const nowMs = performance.now();
    if (this.#speakers.heard(session, level, nowMs)) this.#deal();
    if (!this.#speakers.top.includes(session)) return;
    for (const listener of this.#peers.values()) listener.pass(session, packet, nowMs);
  }

  #deal(): void {
    for (const [session, peer] of this.#peers) this.#dealTo(session, peer);
  }

  #dealTo(session: ClientId, peer: Peer): void {
    const heard = this.#speakers.top.filter(
      (speaker) => this.#peers.get(speaker as ClientId)?.to?.has(session) ?? true,
    );
    const slots = assignSlots(peer.slots, heard, session) as (ClientId | null)[];
    if (slots.every((id, i) => id === peer.slots[i])) return;
    peer.deal(slots);
    this.#listener.slots(session, slots);
  }
}

interface PeerListener {
  heard(packet: RtpPacket, level: number): void;
  gone(): void;
}

/** The connection of one person. */
class Peer {
  speaks = false;
  /** Who alone hears this person; null: everybody. */
  to: ReadonlySet<ClientId> | null = null;
  slots: (ClientId | null)[] = [];
  readonly #pc: RTCPeerConnection;
  #down: { sender: RTCRtpSender; stream: SlotStream }[] = [];

  readonly #listener: PeerListener;

  constructor({ udpPorts, announcedAddress }: WeriftOptions, listener: PeerListener) {
    this.#listener = listener;
    this.#pc = new RTCPeerConnection({
      // The library would ask a server on the internet.
      iceServers: [],
      // We are where we say: the other side does the looking (RFC 8445, 2.5).
      iceLite: true,
      iceUseIpv6: false,
      iceUseTcp: false,
      bundlePolicy: 'max-bundle',
      ...(udpPorts ? { icePortRange: [...udpPorts] as [number, number] } : {}),
      ...(announcedAddress ? { iceAdditionalHostAddresses: [announcedAddress] } : {}),
      codecs: {
        audio: [
          new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2, parameters: OPUS }),
        ],
        video: [],
      },
      headerExtensions: { audio: [useAudioLevelIndication()], video: [] },
    });
    this.#pc.connectionStateChange.subscribe((state) => {
      if (state === 'failed' || state === 'closed') this.#listener.gone();
    });
  }

  async answer(sdp: string): Promise<string> {
    this.#pc.onTrack.subscribe((track) => {
      if (track !== this.#pc.getTransceivers()[0]?.receiver.track) return;
      track.onReceiveRtp.subscribe((packet, extensions) => this.#listener.heard(packet, levelOf(packet, extensions)));
    });
    await this.#pc.setRemoteDescription({ type: 'offer', sdp });
    const [up, ...down] = this.#pc.getTransceivers();
    if (!up || down.length > VOICE_SLOTS || [up, ...down].some(({ kind }) => kind !== 'audio'))
      throw new Error(`${down.length + 1} lines, of which not all are audio`);
    up.setDirection('recvonly');
    for (const one of down) one.setDirection('sendonly');
    await this.#pc.setLocalDescription(await this.#pc.createAnswer());
    this.#down = down.map(({ sender }) => ({ sender, stream: new SlotStream() }));
    this.slots = down.map(() => null);
    const { sdp: answer } = this.#pc.localDescription!;
    if (!/^a=candidate:/m.test(answer)) throw problems.noPort();
    return answer;
  }

  deal(slots: (ClientId | null)[]): void {
    slots.forEach((id, i) => id === this.slots[i] || this.#down[i]!.stream.end());
    this.slots = slots;
  }

  pass(from: ClientId, { header, payload }: RtpPacket, nowMs: number): void {
    const slot = this.slots.indexOf(from);
    if (slot < 0) return;
    const { sender, stream } = this.#down[slot]!;
    const { sequenceNumber, timestamp, isFirst } = stream.place(from, header, nowMs);
    const place = new RtpHeader({ sequenceNumber, timestamp, marker: isFirst || header.marker, payloadType: 0 });
    // Kept by the library until the connection stands; what fails afterwards is a lost packet.
    sender.sendRtp(new RtpPacket(place, payload)).catch(() => this.#listener.gone());
  }

  close(): void {
    void this.#pc.close();
  }
}

function levelOf({ payload }: RtpPacket, extensions?: Record<string, unknown>): number {
  const measured = extensions?.[RTP_EXTENSION_URI.audioLevelIndication] as { level: number } | undefined;
  return measured?.level ?? (payload.length > DTX_BYTES ? UNMEASURED_DB : SILENT_DB);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
