import {
  RTCPeerConnection,
  RTCRtpCodecParameters,
  MediaStreamTrack,
  RtpHeader,
  RtpPacket,
  useAudioLevelIndication,
} from 'werift';
import { VOICE_SLOTS } from '#protocol/room/index';

/** Opus packets last 20 ms, 960 ticks of its RTP clock. */
const PACKET_MS = 20;
const PACKET_TICKS = 960;
export const LOUD_DB = 25;
export const QUIET_DB = 80;

export interface HeardPacket {
  readonly slot: number;
  /** Whose words they are: each packet says so. */
  readonly from: string;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly atMs: number;
}

/**
 * A person with a real WebRTC connection to a forwarder and a voice made of numbered packets: ICE, DTLS and SRTP are
 * those of the product, only the Opus payload is a name.
 */
export class VoicePerson {
  readonly heard: HeardPacket[] = [];
  readonly #pc = new RTCPeerConnection({
    iceServers: [],
    iceUseIpv6: false,
    iceUseTcp: false,
    bundlePolicy: 'max-bundle',
    codecs: {
      audio: [new RTCRtpCodecParameters({ mimeType: 'audio/opus', clockRate: 48_000, channels: 2 })],
      video: [],
    },
    headerExtensions: { audio: [useAudioLevelIndication()], video: [] },
  });
  readonly #voice = new MediaStreamTrack({ kind: 'audio' });
  #seq = Math.floor(Math.random() * 60_000);
  #timer: NodeJS.Timeout | undefined;
  level = QUIET_DB;
  /** Packets sent so far. */
  said = 0;

  readonly name: string;
  /** Bytes of a packet's payload; the name stands at its beginning. */
  readonly #payload: Buffer;

  constructor(name: string, payloadBytes = 0) {
    this.name = name;
    this.#payload = Buffer.alloc(Math.max(name.length, payloadBytes));
    this.#payload.write(name);
    this.#pc.addTransceiver(this.#voice, { direction: 'sendonly' });
    for (let i = 0; i < VOICE_SLOTS; i++) this.#pc.addTransceiver('audio', { direction: 'recvonly' });
    this.#pc.onTrack.subscribe((track) => {
      const slot = this.#pc.getTransceivers().findIndex(({ receiver }) => receiver.track === track) - 1;
      track.onReceiveRtp.subscribe(({ header, payload }) =>
        this.heard.push({
          slot,
          from: payload.toString().replace(/\0+$/, ''),
          sequenceNumber: header.sequenceNumber,
          timestamp: header.timestamp,
          atMs: performance.now(),
        }),
      );
    });
  }

  get isConnected(): boolean {
    return this.#pc.connectionState === 'connected';
  }

  async offer(): Promise<string> {
    await this.#pc.setLocalDescription(await this.#pc.createOffer());
    return this.#pc.localDescription!.sdp;
  }

  async take(answer: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: 'answer', sdp: answer });
  }

  /** Sends a packet every 20 ms at the level of the moment. */
  talk(): void {
    this.#timer ??= setInterval(() => this.say(), PACKET_MS);
  }

  /** One packet. */
  say(): void {
    this.said += 1;
    this.#seq = (this.#seq + 1) & 0xffff;
    const header = new RtpHeader({
      sequenceNumber: this.#seq,
      timestamp: (this.#seq * PACKET_TICKS) >>> 0,
      extensions: [{ id: 1, payload: Buffer.of(0x80 | this.level) }],
      extension: true,
      extensionProfile: 0xbede,
      payloadType: 96,
    });
    this.#voice.writeRtp(new RtpPacket(header, this.#payload));
  }

  hush(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Who was heard since a moment, each once. */
  heardSince(fromMs: number): Set<string> {
    return new Set(this.heard.filter(({ atMs }) => atMs >= fromMs).map(({ from }) => from));
  }

  async leave(): Promise<void> {
    this.hush();
    await this.#pc.close();
  }
}
