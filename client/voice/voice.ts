import type { Mic, VoiceMember, VoiceServerMessages, VoiceWay } from '#protocol/room/index';
import { may } from '#protocol/permissions/index';
import type { Problem } from '#protocol/errors';
import type { ClientId } from '#protocol/ids';
import type { RoomSession } from '../net/room-session.types.ts';
import { Store } from '../net/store.ts';
import type { VoiceHeard } from '../net/voice-line.ts';
import { HallLink } from './hall-link.ts';
import { Hearing, meterStep } from './hearing.ts';
import { Microphone, type MicrophoneTrouble } from './microphone.ts';
import { Mixer } from './mixer.ts';
import { PeerLink } from './peer-link.ts';
import { SpeakingDetector } from './speaking.ts';
import type { VoiceStatus, VoiceSwitch } from './voice.types.ts';
import { heardBy, wantedLinks } from './wanted-links.ts';

/** Levels and places, ten times a second. */
const LOOK_MS = 100;
const TEND_MS = 1_000;
const KEPT_AS = 'workhall.voice';
const NOBODY: ReadonlyMap<string, VoiceMember> = new Map();

interface Circle {
  readonly epoch: number;
  readonly way: VoiceWay;
  readonly members: ReadonlyMap<string, VoiceMember>;
  readonly config: RTCConfiguration;
}

interface Kept {
  /** The person has turned voice off on this device. */
  readonly isOff?: boolean;
  readonly device?: string;
}

/**
 * One person's voice in one room. Joins by itself, quietly, to listen; the microphone is asked for when the person wants
 * to speak. Connections follow what the room says (who is in the voice, by which way), and mend themselves.
 */
export class Voice implements VoiceSwitch {
  readonly status = new Store<VoiceStatus>({
    state: 'listening',
    problem: null,
    isAsleep: false,
    isListener: false,
    to: null,
  });
  /** Of the others in the voice, by session. */
  readonly others: Hearing['others'];
  /** Level of my microphone, 0 to 1, and whether I am heard. */
  readonly own = new Store<{ readonly level: number; readonly isSpeaking: boolean }>({ level: 0, isSpeaking: false });
  readonly #session: RoomSession;
  readonly #microphone = new Microphone(() => this.#onMicrophoneLost());
  readonly #links = new Map<string, PeerLink>();
  readonly #hearing: Hearing;
  readonly #detector = new SpeakingDetector();
  readonly #detach: (() => void)[];
  #kept: Kept = readKept();
  #circle: Circle | null = null;
  #hall: HallLink | null = null;
  #mixer: Mixer | null = null;
  #mic: Mic = 'none';
  #to: ReadonlySet<string> | null = null;
  #trouble: MicrophoneTrouble | null = null;
  #refusal: Problem | null = null;
  #readyEpoch = -1;
  #ceilingKbit: number | null = null;
  #isHeldDown = false;
  /** Who let go while the browser was asking does not want what it gives. */
  #timesLetGo = 0;
  #isOver = false;

  constructor(session: RoomSession) {
    this.#session = session;
    this.#hearing = new Hearing(session);
    this.others = this.#hearing.others;
    const timers = [setInterval(() => this.#look(), LOOK_MS), setInterval(() => this.#tend(), TEND_MS)];
    this.#detach = [
      session.voice.on((heard) => this.#onHeard(heard)),
      session.connection.subscribe(() => this.#onConnection()),
      session.participants.subscribe(() => this.#onRoster()),
      () => this.#hearing.dispose(),
      () => timers.forEach((timer) => clearInterval(timer)),
    ];
    this.#publish();
    this.#onConnection();
  }

  get devices(): Microphone['devices'] {
    return this.#microphone.devices;
  }

  get device(): string | null {
    return this.#microphone.device;
  }

  get isOff(): boolean {
    return this.#kept.isOff === true;
  }

  /** Listening on or off, remembered on this device. Off closes the microphone too. */
  setOff(isOff: boolean): void {
    this.#keep({ isOff });
    this.#refusal = null;
    if (isOff) {
      this.#microphone.close();
      this.#mic = 'none';
      this.#session.voice.tell('voice.leave', {});
      this.#circle = null;
      this.#reconcile();
    } else this.#join();
    this.#publish();
  }

  async toggle(): Promise<void> {
    if (this.#mic === 'open' && this.#to === null) return this.mute();
    await this.speak();
  }

  /** Opens the microphone for these alone; again for the same: mutes. The next who speaks to all is heard by all. */
  async toggleTo(sessions: readonly string[]): Promise<void> {
    const isSame = this.#to?.size === sessions.length && sessions.every((one) => this.#to!.has(one));
    if (this.#mic === 'open' && isSame) return this.mute();
    await this.speak(sessions);
  }

  /** Opens the microphone, asking for it when need be; `to`: the sessions that alone are to hear it. */
  async speak(to: readonly string[] | null = null): Promise<void> {
    if (this.#isOver || !this.#maySpeak) return;
    if (this.isOff || this.#refusal) this.setOff(false);
    if (!this.#microphone.track) {
      const time = this.#timesLetGo;
      this.#trouble = await this.#microphone.open(this.#kept.device ?? null);
      if (this.#isOver || time !== this.#timesLetGo) return this.#microphone.close();
    }
    this.#setMic(this.#trouble ? 'none' : 'open', to);
  }

  mute(): void {
    if (this.#mic === 'open') this.#setMic('muted');
  }

  /** The microphone is given back to the device, whose sign goes out; the person goes on listening. */
  letGo(): void {
    this.#timesLetGo += 1;
    this.#isHeldDown = false;
    this.#microphone.close();
    if (this.#mic !== 'none') this.#setMic('none');
  }

  /** Push to talk: heard while the key is down. Who has the microphone open already notices nothing. */
  async press(): Promise<void> {
    if (this.#isHeldDown || this.#mic === 'open') return;
    this.#isHeldDown = true;
    await this.speak();
    // Let go while the browser was asking.
    if (!this.#isHeldDown) this.mute();
  }

  release(): void {
    if (!this.#isHeldDown) return;
    this.#isHeldDown = false;
    this.mute();
  }

  async choose(device: string): Promise<void> {
    this.#keep({ device });
    if (!this.#microphone.track) return;
    this.#trouble = await this.#microphone.open(device);
    this.#setMic(this.#trouble ? 'none' : this.#mic, this.#to && [...this.#to]);
  }

  dispose(): void {
    this.#isOver = true;
    for (const stop of this.#detach) stop();
    this.#session.voice.tell('voice.leave', {});
    this.#session.voice.setSpeaking(false);
    this.#circle = null;
    this.#reconcile();
    this.#microphone.dispose();
    this.#mixer?.dispose();
    this.#mixer = null;
  }

  /** For tests and the curious: connections, packets that came in by each, and the level at my ears, dB. */
  async received(): Promise<{
    connections: number;
    packets: { by: 'peer' | 'hall'; count: number }[];
    levelDb: number;
  }> {
    const packets: { by: 'peer' | 'hall'; count: number }[] = [];
    const take = (report: RTCStatsReport | null, by: 'peer' | 'hall') =>
      report?.forEach((one: { type: string; packetsReceived?: number }) => {
        if (one.type === 'inbound-rtp' && one.packetsReceived) packets.push({ by, count: one.packetsReceived });
      });
    for (const link of this.#links.values()) take(await link.stats(), 'peer');
    if (this.#hall) take(await this.#hall.stats(), 'hall');
    const connections = this.#links.size + (this.#hall ? 1 : 0);
    return { connections, packets, levelDb: this.#mixer?.heardLevel ?? -Infinity };
  }

  /** How connections beside the voice are made (cameras); null while I am in no voice. */
  get config(): RTCConfiguration | null {
    return this.#circle?.config ?? null;
  }

  /** What my connections say of their lines. */
  async linkStats(): Promise<RTCStatsReport[]> {
    const hall = await this.#hall?.stats();
    return [...(await Promise.all([...this.#links.values()].map((link) => link.stats()))), ...(hall ? [hall] : [])];
  }

  /** Voices of all others and my own, for a recording that everybody has agreed to. */
  tap(): MediaStream {
    return this.#mixerNow().tap();
  }

  /** On a thin line I am sent with less, kilobits a second; null: as the browser likes. */
  setCeiling(kbit: number | null): void {
    if (kbit === this.#ceilingKbit) return;
    this.#ceilingKbit = kbit;
    for (const link of this.#links.values()) link.setCeiling(kbit);
  }

  get way(): VoiceWay | null {
    return this.#circle?.way ?? null;
  }

  get #me(): string {
    return this.#session.me.session;
  }

  get #maySpeak(): boolean {
    return may(this.#session.me.role, 'voice.speak');
  }

  /** What I send: nothing while muted. */
  get #sent(): MediaStreamTrack | null {
    return this.#mic === 'open' ? this.#microphone.track : null;
  }

  /** To one other person: nothing when somebody else is spoken to alone. */
  #sentTo(session: string): MediaStreamTrack | null {
    return this.#to === null || this.#to.has(session) ? this.#sent : null;
  }

  #tellMic(): void {
    const to = this.#to && ([...this.#to] as ClientId[]);
    this.#session.voice.tell('voice.mic', { mic: this.#mic, ...(to ? { to } : {}) });
  }

  /** Who may not speak any more does not send either. */
  #onRoster(): void {
    if (!this.#maySpeak && this.#mic !== 'none') {
      this.#microphone.close();
      this.#setMic('none');
    }
    this.#publish();
  }

  #onConnection(): void {
    const { state } = this.#session.connection.get();
    // Connections between people outlast a drop of the room's socket: joining again keeps them.
    if (state === 'live') this.#join();
    if (state === 'closed') this.dispose();
  }

  #join(): void {
    if (this.isOff || this.#isOver || typeof RTCPeerConnection === 'undefined') return;
    this.#session.voice.tell('voice.join', { mic: this.#to ? 'muted' : this.#mic });
    // Whom I speak to is known again before anybody hears me.
    if (this.#to) this.#tellMic();
  }

  #onHeard(heard: VoiceHeard): void {
    if (this.#isOver || this.isOff) return;
    switch (heard.type) {
      case 'voice':
        return this.#onVoice(heard.message);
      case 'voice.news': {
        if (!this.#circle) return;
        const { epoch, way, now, gone } = heard.message;
        const members = new Map(this.#circle.members);
        for (const session of gone) members.delete(session);
        for (const member of now) members.set(member.session, member);
        // A server that was started again knows me no more, and I hear of it by the join that follows.
        this.#circle = { ...this.#circle, epoch, way, members };
        return this.#reconcile();
      }
      case 'voice.signal':
        return this.#links.get(heard.message.from)?.hear(heard.message);
      case 'voice.answer':
        return void this.#hall?.answered(heard.message);
      case 'voice.slots':
        return this.#hall?.deal(heard.message);
      case 'voice.refused':
        if (heard.message.problem.key === 'too_many') return console.warn(heard.message.problem.message);
        this.#refusal = heard.message.problem;
        this.#circle = null;
        this.#microphone.close();
        this.#mic = 'none';
        this.#reconcile();
    }
  }

  #onVoice({ epoch, way, members, iceServers, relayOnly }: VoiceServerMessages['voice']): void {
    this.#refusal = null;
    this.#readyEpoch = -1;
    this.#circle = {
      epoch,
      way,
      members: new Map(members.map((member) => [member.session, member])),
      config: {
        iceServers: iceServers.map((one) => ({ ...one, urls: [...one.urls] })),
        ...(relayOnly ? { iceTransportPolicy: 'relay' as const } : {}),
      },
    };
    this.#reconcile();
  }

  /** Opens and closes connections until they are those that the room asks for. */
  #reconcile(): void {
    const circle = this.#circle;
    const wanted = circle
      ? wantedLinks(this.#me, micsOf(circle.members), circle.way)
      : { peers: new Set<string>(), hall: false };
    for (const [session, link] of this.#links) {
      if (wanted.peers.has(session)) continue;
      link.close();
      this.#links.delete(session);
    }
    const around = {
      config: () => this.#circle?.config ?? {},
      changed: () => this.#onLinkChanged(),
    };
    for (const session of wanted.peers) {
      if (this.#links.has(session)) continue;
      const signal = (one: object) => this.#session.voice.tell('voice.signal', { to: session, ...one } as never);
      this.#links.set(
        session,
        new PeerLink(this.#me, session, { ...around, mic: () => this.#sentTo(session), signal }),
      );
    }
    if (wanted.hall && !this.#hall) {
      const offer = (link: string, sdp: string) => this.#session.voice.tell('voice.offer', { link, sdp });
      this.#hall = new HallLink({ ...around, mic: () => this.#sent, offer });
    } else if (!wanted.hall && this.#hall) {
      this.#hall.close();
      this.#hall = null;
    }
    this.#onLinkChanged();
  }

  /** Who is heard by which connection now; and, on the way from one to the other, whether I am ready. */
  #onLinkChanged(): void {
    const circle = this.#circle;
    const tracks = new Map<string, MediaStreamTrack | null>();
    for (const [session, { mic, isAside }] of circle?.members ?? []) {
      // Who may not speak is not heard, whatever they send; nor who speaks to others alone.
      if (session === this.#me || mic === 'none' || isAside) continue;
      const link = this.#links.get(session);
      const by = heardBy(circle!.way, link?.isConnected ?? false, this.#hall?.isConnected ?? false);
      tracks.set(session, (by === 'hall' ? this.#hall?.trackOf(session) : link?.track) ?? null);
    }
    const standby = [...(this.#hall?.tracks ?? []), ...[...this.#links.values()].flatMap(({ track }) => track ?? [])];
    if (tracks.size > 0 || this.#mixer) this.#mixerNow().hear(tracks, standby);
    if (this.#ceilingKbit !== null) for (const link of this.#links.values()) link.setCeiling(this.#ceilingKbit);
    if (circle && this.#readyEpoch !== circle.epoch && this.#isReady(circle)) {
      this.#readyEpoch = circle.epoch;
      this.#session.voice.tell('voice.ready', { epoch: circle.epoch });
    }
    this.#publish();
  }

  #isReady({ way }: Circle): boolean {
    if (way === 'to-forwarded') return this.#hall === null || this.#hall.isConnected;
    return way !== 'to-mesh' || [...this.#links.values()].every(({ isConnected }) => isConnected);
  }

  #mixerNow(): Mixer {
    if (!this.#mixer) {
      this.#mixer = new Mixer();
      this.#detach.push(this.#mixer.isAsleep.subscribe(() => this.#publish()));
    }
    return this.#mixer;
  }

  #setMic(mic: Mic, to: readonly string[] | null = null): void {
    this.#mic = mic;
    this.#to = to && mic === 'open' ? new Set(to) : null;
    this.#mixerNow().measure(this.#microphone.stream, mic === 'open');
    this.#tellMic();
    for (const link of this.#links.values()) link.micChanged();
    this.#hall?.micChanged();
    this.#look();
    this.#publish();
  }

  #onMicrophoneLost(): void {
    this.#trouble = 'noMicrophone';
    this.#setMic('none');
  }

  #tend(): void {
    const nowMs = performance.now();
    // Signals need the room: without it nothing is begun anew.
    if (this.#session.connection.get().state !== 'live') return;
    for (const link of this.#links.values()) link.tend(nowMs);
    this.#hall?.tend(nowMs);
  }

  /** Levels, who speaks, and where everybody is. */
  #look(): void {
    const mixer = this.#mixer;
    const nowMs = performance.now();
    this.#hearing.look(this.#circle?.members ?? NOBODY, mixer, nowMs);
    if (!mixer) return;
    const body = this.#session.voice.ownBody;
    if (body) mixer.listenAt(body.headInRoom);
    const ownDb = this.#mic === 'open' ? mixer.ownLevel : -Infinity;
    const isSpeaking = this.#detector.update(ownDb, nowMs) && this.#mic === 'open';
    const level = meterStep(ownDb);
    const own = this.own.get();
    if (own.level !== level || own.isSpeaking !== isSpeaking) this.own.set({ level, isSpeaking });
    this.#session.voice.setSpeaking(isSpeaking);
  }

  #publish(): void {
    const next: VoiceStatus = {
      state: this.isOff || this.#refusal ? 'off' : this.#microphoneState(),
      problem: this.#refusal,
      isAsleep: this.#mixer?.isAsleep.get() ?? false,
      isListener: !this.#maySpeak,
      to: this.#to,
    };
    const known = this.status.get();
    if ((Object.keys(next) as (keyof VoiceStatus)[]).some((key) => known[key] !== next[key])) this.status.set(next);
  }

  #microphoneState(): VoiceStatus['state'] {
    if (this.#mic === 'open') return 'talking';
    if (this.#mic === 'muted') return 'muted';
    return this.#trouble ?? 'listening';
  }

  #keep(news: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...news };
    localStorage.setItem(KEPT_AS, JSON.stringify(this.#kept));
  }
}

const micsOf = (members: ReadonlyMap<string, VoiceMember>): ReadonlyMap<string, Mic> =>
  new Map([...members].map(([session, { mic }]) => [session, mic]));

function readKept(): Kept {
  try {
    return (JSON.parse(localStorage.getItem(KEPT_AS) ?? '{}') as Kept | null) ?? {};
  } catch {
    return {}; // written by another version, or storage is forbidden
  }
}
