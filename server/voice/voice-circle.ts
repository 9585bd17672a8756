import type { Problem } from '#protocol/errors';
import { toProblem } from '#protocol/errors';
import type { ClientId, RoomId } from '#protocol/ids';
import { may } from '#protocol/permissions/index';
import {
  LEAST_STILL_GAP_MS,
  type IceServer,
  type Mic,
  type VoiceClientMessage,
  type VoiceClientMessages,
  type VoiceMember,
} from '#protocol/room/index';
import type { Speaker, TellVoice, VoiceOfRoom } from '../rooms/index.ts';
import type { ForwardedCircle, VoiceForwarder } from './forwarder.ts';
import { problems } from './problems.ts';
import { Topology, type TopologyOptions } from './topology.ts';

export interface CircleOptions {
  readonly isOn: boolean;
  readonly maxPeople: number;
  readonly topology: Pick<TopologyOptions, 'meshPeople'> & Partial<TopologyOptions>;
  readonly relayOnly: boolean;
  readonly iceServersFor: (speaker: Speaker, nowMs: number) => IceServer[];
  readonly nowMs: () => number;
}

/** Voice messages of one person per second on average, and at once: opening six connections takes about a hundred. */
const MESSAGES_PER_SECOND = 25;
const MESSAGES_BURST = 250;

interface Member {
  speaker: Speaker;
  /** As they say; what others are told is `none` for those who may not speak. */
  mic: Mic;
  /** Who alone hears them; null: everybody. */
  to: readonly ClientId[] | null;
  readyEpoch: number;
  /** Their connection to the forwarder. */
  link: string | null;
  /** When the last of their single pictures was passed on. */
  stillAtMs: number;
}

type CameraMessage = 'camera.signal' | 'camera.still' | 'camera.seen' | 'camera.standing' | 'words';
type CameraHeard = {
  [T in CameraMessage]: {
    type: T;
    message: VoiceClientMessages[T];
  };
}[CameraMessage];

interface Allowance {
  tokens: number;
  atMs: number;
  isWarned: boolean;
}

/**
 * The voice of one room: who is in it, how their audio travels, and the signals between them. A signal goes only from
 * somebody in the voice to somebody in the voice of the same room; who may not speak is told to nobody as a speaker.
 */
export class VoiceCircle implements VoiceOfRoom {
  readonly #members = new Map<ClientId, Member>();
  readonly #allowances = new Map<ClientId, Allowance>();
  readonly #topology: Topology;
  readonly #changed = new Set<ClientId>();
  readonly #gone = new Set<ClientId>();
  #forwarded: ForwardedCircle | null = null;

  constructor(
    private readonly room: RoomId,
    private readonly tell: TellVoice,
    private readonly forwarder: VoiceForwarder,
    private readonly options: CircleOptions,
  ) {
    this.#topology = new Topology(options.topology);
  }

  hear<K extends VoiceClientMessage>(from: Speaker, type: K, message: VoiceClientMessages[K]): void {
    if (!this.#isWithinRate(from)) return;
    const heard = { type, message } as {
      [T in VoiceClientMessage]: { type: T; message: VoiceClientMessages[T] };
    }[VoiceClientMessage];
    if (heard.type === 'voice.join') return this.#join(from, heard.message.mic);
    const member = this.#members.get(from.session);
    if (!member) return;
    switch (heard.type) {
      case 'voice.leave':
        return this.left(from.session);
      case 'voice.mic':
        member.mic = heard.message.mic;
        member.to = heard.message.to ?? null;
        return this.#micChanged(member);
      case 'voice.ready':
        member.readyEpoch = heard.message.epoch;
        return;
      case 'voice.signal': {
        const { to, ...signal } = heard.message;
        if (to !== from.session && this.#members.has(to))
          this.tell(to, 'voice.signal', { from: from.session, ...signal });
        return;
      }
      case 'voice.offer':
        return void this.#answer(member, heard.message);
      case 'camera.signal':
      case 'camera.still':
      case 'camera.seen':
      case 'camera.standing':
      case 'words':
        return this.#passOn(member, heard);
    }
  }

  /** Beside the voice: cameras and subtitles, of people who may speak, to people of the same voice. */
  #passOn(member: Member, heard: CameraHeard): void {
    const { session: from, role } = member.speaker;
    const isThere = (to: ClientId) => to !== from && this.#members.has(to);
    if (heard.type === 'camera.seen') {
      const { to, n } = heard.message;
      if (isThere(to)) this.tell(to, 'camera.seen', { from, n });
      return;
    }
    if (heard.type === 'camera.standing') {
      const { to, standing } = heard.message;
      if (isThere(to)) this.tell(to, 'camera.standing', { from, standing });
      return;
    }
    // Who may not speak receives pictures all the same: their answers to a connection go through.
    if (heard.type === 'camera.signal') {
      const { to, ...signal } = heard.message;
      if (isThere(to)) this.tell(to, 'camera.signal', { from, ...signal });
      return;
    }
    if (!may(role, 'voice.speak')) return;
    // In writing as by ear: nobody reads of whom they do not hear.
    if (heard.type === 'words') {
      if (member.mic !== 'open') return;
      for (const to of new Set(member.to ?? this.#members.keys()))
        if (isThere(to)) this.tell(to, 'words', { from, ...heard.message });
      return;
    }
    const nowMs = this.options.nowMs();
    if (nowMs - member.stillAtMs < LEAST_STILL_GAP_MS) return;
    member.stillAtMs = nowMs;
    const { to, ...still } = heard.message;
    for (const one of new Set(to)) if (isThere(one)) this.tell(one, 'camera.still', { from, ...still });
  }

  roleChanged(speaker: Speaker): void {
    const member = this.#members.get(speaker.session);
    if (!member) return;
    member.speaker = speaker;
    if (!may(speaker.role, 'voice.listen')) return this.left(speaker.session);
    this.#micChanged(member);
  }

  left(session: ClientId): void {
    this.#allowances.delete(session);
    if (!this.#members.delete(session)) return;
    this.#forwarded?.remove(session);
    this.#changed.delete(session);
    this.#gone.add(session);
  }

  tick(nowMs: number): void {
    const hasMoved = this.#topology.advance({
      people: this.#members.size,
      isReady: [...this.#members.values()].every(({ readyEpoch }) => readyEpoch === this.#topology.epoch),
      canForward:
        this.forwarder.isUp &&
        (this.#forwarded !== null || this.#topology.way === 'mesh' || this.#topology.way === 'to-mesh'),
      nowMs,
    });
    if (hasMoved) this.#onMove();
    if (!hasMoved && this.#changed.size === 0 && this.#gone.size === 0) return;
    const { epoch, way } = this.#topology;
    const changed = [...this.#changed].map((session) => this.#members.get(session)!);
    const gone = [...this.#gone];
    const forAll = changed.every(({ to }) => to === null) ? changed.map((member) => memberOf(member)) : null;
    this.#changed.clear();
    this.#gone.clear();
    for (const session of this.#members.keys()) {
      const now = forAll ?? changed.map((member) => memberOf(member, session));
      this.tell(session, 'voice.news', { epoch, way, now, gone });
    }
  }

  close(): void {
    this.#forwarded?.close();
    this.#forwarded = null;
    this.#members.clear();
  }

  #join(speaker: Speaker, mic: Mic): void {
    const refusal = this.#refusal(speaker);
    if (refusal) return this.tell(speaker.session, 'voice.refused', { problem: refusal });
    const known = this.#members.get(speaker.session);
    const link = known?.link ?? null;
    const member: Member = { speaker, mic, to: null, readyEpoch: -1, link, stillAtMs: -Infinity };
    this.#members.set(speaker.session, member);
    this.#gone.delete(speaker.session);
    this.#micChanged(member);
    const { epoch, way } = this.#topology;
    this.tell(speaker.session, 'voice', {
      epoch,
      way,
      members: [...this.#members.values()].map((one) => memberOf(one, speaker.session)),
      iceServers: this.options.iceServersFor(speaker, this.options.nowMs()),
      relayOnly: this.options.relayOnly,
    });
  }

  #refusal({ session, role }: Speaker): Problem | null {
    if (!this.options.isOn) return problems.off();
    if (!may(role, 'voice.listen')) return problems.notAllowed(role);
    if (this.#members.size >= this.options.maxPeople && !this.#members.has(session))
      return problems.full(this.options.maxPeople);
    return null;
  }

  #micChanged(member: Member): void {
    this.#changed.add(member.speaker.session);
    this.#forwarded?.setSpeaks(member.speaker.session, memberOf(member).mic === 'open', member.to ?? undefined);
  }

  #onMove(): void {
    const { way } = this.#topology;
    if (way === 'mesh') {
      this.#forwarded?.close();
      this.#forwarded = null;
    } else if (way !== 'to-mesh') this.#forwarded ??= this.#openForwarded();
  }

  #openForwarded(): ForwardedCircle {
    const circle = this.forwarder.open(this.room, {
      slots: (session, slots) => this.tell(session, 'voice.slots', { slots: [...slots] }),
      gone: (session) => this.#lost(session),
      lost: () => {
        if (this.#forwarded !== circle) return;
        this.#forwarded = null;
        for (const session of this.#members.keys()) this.#lost(session);
      },
    });
    return circle;
  }

  /** Their connection to the forwarder is gone: they are asked for another. */
  #lost(session: ClientId): void {
    const member = this.#members.get(session);
    if (!member?.link) return;
    this.tell(session, 'voice.answer', { link: member.link, problem: problems.forwarderLost() });
    member.link = null;
  }

  async #answer(member: Member, { link, sdp }: VoiceClientMessages['voice.offer']): Promise<void> {
    const { session } = member.speaker;
    if (!this.#forwarded) return this.tell(session, 'voice.answer', { link, problem: problems.notForwarded() });
    member.link = link;
    try {
      const answer = await this.#forwarded.answer(session, {
        ...{ sdp, speaks: memberOf(member).mic === 'open' },
        to: member.to ?? undefined,
      });
      const now = this.#members.get(session);
      if (now?.link !== link) return;
      // What changed while the answer was made.
      this.#forwarded?.setSpeaks(session, memberOf(now).mic === 'open', now.to ?? undefined);
      this.tell(session, 'voice.answer', { link, sdp: answer });
    } catch (thrown) {
      this.tell(session, 'voice.answer', { link, problem: toProblem(thrown) });
    }
  }

  /** Too many are left out, and said once; the room's own limit closes whoever floods it. */
  #isWithinRate({ session }: Speaker): boolean {
    const nowMs = this.options.nowMs();
    const known = this.#allowances.get(session) ?? { tokens: MESSAGES_BURST, atMs: nowMs, isWarned: false };
    const earned = ((nowMs - known.atMs) / 1000) * MESSAGES_PER_SECOND;
    known.tokens = Math.min(MESSAGES_BURST, known.tokens + earned);
    known.atMs = nowMs;
    this.#allowances.set(session, known);
    if (known.tokens >= 1) {
      known.tokens -= 1;
      if (known.tokens > MESSAGES_BURST / 2) known.isWarned = false;
      return true;
    }
    if (!known.isWarned) this.tell(session, 'voice.refused', { problem: problems.tooMany() });
    known.isWarned = true;
    return false;
  }
}

/** As `listener` is told; without one as they are to those they speak to. */
function memberOf({ speaker, mic, to }: Member, listener?: ClientId): VoiceMember {
  const { session } = speaker;
  if (!may(speaker.role, 'voice.speak')) return { session, mic: 'none' };
  if (to === null || mic !== 'open' || listener === undefined || listener === session) return { session, mic };
  return to.includes(listener) ? { session, mic, isToMe: true } : { session, mic: 'muted', isAside: true };
}
