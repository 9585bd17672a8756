import { expertsIn, jobOf, openCall } from '#protocol/guidance/index';
import { MOST_VIEWERS, type CameraStanding, type Participant } from '#protocol/room/index';
import type { Document } from '#protocol/document/index';
import type { GuidanceSession } from '../net/room-session.types.ts';
import { Store, type Readable } from '../net/store.ts';
import type { VoiceHeard } from '../net/voice-line.ts';
import { PeerLink } from '../voice/peer-link.ts';
import type { Voice } from '../voice/voice.ts';
import { CAMERA_LEVELS, CameraPolicy, type LineSample } from './camera-policy.ts';
import { factsOf, type Stat } from './line-sample.ts';
import { StillCamera } from './still-camera.ts';
import { StillFlow } from './still-flow.ts';

const LOOK_MS = 1_000;
/** Voice on a thin line, kilobits a second without packet heads: still well understood. */
const THIN_VOICE_KBIT = 16;
/** Who comes into the voice after the picture was explained is told again so soon, looks. */
const STANDING_AGAIN = 4;
/** A connection that has not come about in so long may never: single pictures go through the room until it does, ms. */
const STRANDED_MS = 6_000;
/** Between two looks; a line that stands still has some hundred. */
const MOVING_BYTES = 1_500;

export type PictureMode = 'video' | 'stills' | 'none';

/** What comes from one camera. */
export interface SeenPicture {
  readonly session: string;
  readonly mode: PictureMode;
  readonly stream: MediaStream | null;
  /** The newest single picture; its address lives until the next one. */
  readonly still: { readonly url: string; readonly n: number; readonly atMs: number } | null;
}
export interface Sending {
  /** `coming`: somebody is to see it, and the connection is still being made. */
  readonly mode: PictureMode | 'coming';
  readonly level: number;
}

/**
 * Cameras of a job, beside the voice: from the crew to those who help and look on, and only while somebody helps. Each pair has one
 * connection; what goes over it follows the line (`camera-policy.ts`), down to single pictures through the room.
 */
export class CallMedia {
  readonly sending = new Store<Sending>({ mode: 'none', level: 0 });
  /** A moving picture could come or go: the connection to somebody stands. */
  readonly isJoined = new Store(false);
  readonly #seen = new Store<ReadonlyMap<string, SeenPicture>>(new Map());
  readonly #standings = new Store<ReadonlyMap<string, CameraStanding>>(new Map());
  readonly #session: GuidanceSession;
  readonly #voice: Voice;
  readonly #links = new Map<string, PeerLink>();
  readonly #stops: (() => void)[];
  readonly #policy = new CameraPolicy();
  readonly #flow = new StillFlow();
  readonly #camera = new StillCamera();
  /** Of each camera that I see: bytes so far, and in how many looks they grew. */
  readonly #came = new Map<string, { readonly bytes: number; readonly times: number }>();
  /** Those without a connection, and since when. */
  readonly #partedSinceMs = new Map<string, number>();
  #stream: MediaStream | null = null;
  #line: LineSample | null = null;
  #why: CameraStanding = 'off';
  #looks = 0;
  #isLooking = false;
  #isOver = false;

  constructor(session: GuidanceSession, voice: Voice) {
    this.#session = session;
    this.#voice = voice;
    const timer = setInterval(() => void this.#look(), LOOK_MS);
    this.#stops = [
      session.voice.on((heard) => this.#hear(heard)),
      session.document.subscribe(() => this.#reconcile()),
      session.participants.subscribe(() => this.#reconcile()),
      () => clearInterval(timer),
    ];
    this.#reconcile();
  }

  /** Pictures that come, by session. */
  get seen(): Readable<ReadonlyMap<string, SeenPicture>> {
    return this.#seen;
  }

  /** What the others' cameras say of themselves, by session. */
  get standings(): Readable<ReadonlyMap<string, CameraStanding>> {
    return this.#standings;
  }

  /** What my camera sees; null: nothing is sent, and why. */
  offer(stream: MediaStream | null, why: CameraStanding = stream ? 'on' : 'off'): void {
    this.#why = why;
    this.#tellStanding();
    if (stream === this.#stream) return;
    this.#stream = stream;
    this.#camera.watch(stream);
    for (const link of this.#links.values()) link.micChanged();
    this.#reconcile();
  }

  /** A picture of what my camera sees, or of what comes from another, as it is now; JPEG. Null: there is none. */
  async freeze(): Promise<{ picture: Blob; widthPx: number; heightPx: number } | null> {
    if (this.#stream) return this.#camera.take();
    for (const { stream, still } of this.#seen.get().values()) {
      if (stream) {
        const camera = new StillCamera();
        camera.watch(stream);
        const taken = await camera.take();
        camera.watch(null);
        if (taken) return taken;
      }
      if (still) {
        const picture = await (await fetch(still.url)).blob();
        const { width: widthPx, height: heightPx } = await createImageBitmap(picture);
        return { picture, widthPx, heightPx };
      }
    }
    return null;
  }

  /** For tests and benchmarks: bytes over the connections of cameras so far, what is sent, and how the line looked last. */
  async figures(): Promise<{
    level: string;
    sent: number;
    received: number;
    stillMs: number | null;
    stills: number;
    line: LineSample | null;
  }> {
    const facts = factsOf(await this.#reports());
    const { level } = this.sending.get();
    const stills = [...this.#seen.get().values()].reduce((most, { still }) => Math.max(most, still?.n ?? 0), 0);
    return {
      level: CAMERA_LEVELS[level]!.name,
      ...{ sent: facts.bytesSent, received: facts.bytesReceived },
      ...{ stillMs: this.#flow.lastMs, stills, line: this.#line },
    };
  }

  dispose(): void {
    this.#isOver = true;
    for (const stop of this.#stops) stop();
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#camera.watch(null);
    this.#voice.setCeiling(null);
    for (const { still } of this.#seen.get().values()) if (still) URL.revokeObjectURL(still.url);
  }

  /** Connections are those that the call asks for; both ends work them out of the same journal and roster. */
  #reconcile(): void {
    if (this.#isOver) return;
    const me = this.#session.me.session;
    const { crew, viewers } = sidesOf(this.#session.document.get(), this.#session.participants.get());
    const wanted = new Set(crew.includes(me) ? viewers : viewers.includes(me) ? crew : []);
    for (const [session, link] of this.#links) {
      if (wanted.has(session)) continue;
      link.close();
      this.#links.delete(session);
      this.#partedSinceMs.delete(session);
      this.#forget(session);
    }
    for (const session of wanted) {
      if (this.#links.has(session)) continue;
      const signal = (one: object) => this.#session.voice.tell('camera.signal', { to: session, ...one } as never);
      const link = new PeerLink(me, session, {
        kind: 'video',
        config: () => this.#voice.config ?? {},
        mic: () => this.#track(),
        signal,
        changed: () => this.#onTrack(session),
      });
      this.#links.set(session, link);
    }
    this.#publish();
  }

  /** What is sent as a moving picture. */
  #track(): MediaStreamTrack | null {
    return this.#policy.now.level > 0 ? (this.#stream?.getVideoTracks()[0] ?? null) : null;
  }

  #onTrack(session: string): void {
    const track = this.#links.get(session)?.track ?? null;
    if (!track || this.#stream) return;
    // A line that carries nothing has a track all the same: it is shown when something comes.
    track.onunmute = () => this.#show(session, new MediaStream([track]));
    if (!track.muted && !this.#seen.get().has(session)) this.#show(session, new MediaStream([track]));
  }

  #show(session: string, stream: MediaStream): void {
    const still = this.#seen.get().get(session)?.still;
    if (still) URL.revokeObjectURL(still.url);
    this.#put({ session, mode: 'video', stream, still: null });
  }

  /** Browsers do not say when a picture moves again after single ones: its bytes do. */
  async #watch(): Promise<void> {
    for (const [session, link] of this.#links) {
      const { bytesReceived } = factsOf([statsIn(await link.stats())]);
      const { bytes, times } = this.#came.get(session) ?? { bytes: bytesReceived, times: 0 };
      const isMoving = bytesReceived - bytes > MOVING_BYTES;
      this.#came.set(session, { bytes: bytesReceived, times: isMoving ? times + 1 : 0 });
      const { track } = link;
      if (times >= 1 && isMoving && track && this.#seen.get().get(session)?.mode !== 'video')
        this.#show(session, new MediaStream([track]));
    }
  }

  #hear(heard: VoiceHeard): void {
    if (this.#isOver) return;
    switch (heard.type) {
      case 'camera.signal':
        return this.#links.get(heard.message.from)?.hear(heard.message);
      case 'camera.seen':
        return this.#flow.seen(heard.message.n, performance.now());
      case 'camera.standing': {
        const { from, standing } = heard.message;
        if (this.#links.has(from) && this.#standings.get().get(from) !== standing)
          this.#standings.update((all) => new Map([...all, [from, standing]]));
        return;
      }
      case 'camera.still': {
        const { from, n, bytes } = heard.message;
        if (!this.#links.has(from)) return;
        this.#session.voice.tell('camera.seen', { to: from, n });
        const known = this.#seen.get().get(from);
        if (known?.still) URL.revokeObjectURL(known.still.url);
        const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }));
        this.#put({ session: from, mode: 'stills', stream: null, still: { url, n, atMs: performance.now() } });
        // Their line is thin: what I say must fit as well.
        this.#voice.setCeiling(THIN_VOICE_KBIT);
        return;
      }
      default:
    }
  }

  #put(picture: SeenPicture): void {
    if (picture.mode === 'video') this.#voice.setCeiling(null);
    this.#seen.update((all) => new Map([...all, [picture.session, picture]]));
  }

  /** Whoever is to see my picture hears why there is none. */
  #tellStanding(): void {
    const me = this.#session.me.session;
    if (!sidesOf(this.#session.document.get(), this.#session.participants.get()).crew.includes(me)) return;
    const standing = standingOf(this.#stream, this.#why);
    for (const to of this.#links.keys()) this.#session.voice.tell('camera.standing', { to: to as never, standing });
  }

  #forget(session: string): void {
    this.#standings.update((all) => new Map([...all].filter(([one]) => one !== session)));
    const known = this.#seen.get().get(session);
    if (known?.still) URL.revokeObjectURL(known.still.url);
    this.#seen.update((all) => new Map([...all].filter(([one]) => one !== session)));
  }

  async #look(): Promise<void> {
    const nowMs = performance.now();
    if (this.#session.connection.get().state === 'live') for (const link of this.#links.values()) link.tend(nowMs);
    if (this.#looks++ % STANDING_AGAIN === 0) this.#tellStanding();
    this.#lookWhoIsParted(nowMs);
    if (this.#links.size === 0 || this.#isLooking) return;
    this.#isLooking = true;
    try {
      await (this.#stream ? this.#adapt(nowMs) : this.#watch());
    } catch (thrown) {
      console.debug('camera', thrown);
    } finally {
      this.#isLooking = false;
    }
  }

  async #adapt(nowMs: number): Promise<void> {
    const own = factsOf(await this.#reports());
    const voice = factsOf((await this.#voice.linkStats()).map(statsIn));
    const before = this.#policy.now;
    const worst = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b));
    this.#line = {
      atMs: nowMs,
      loss: worst(before.level > 0 ? own.loss : null, voice.loss),
      rttMs: worst(own.rttMs, voice.rttMs),
      availableKbit: before.level > 0 ? own.availableKbit : null,
      stillMs: this.#flow.lastMs,
    };
    // Where nothing goes and nobody reports, quiet says nothing of the line.
    const isKnown = this.isJoined.get() || this.#line.loss !== null || this.#line.rttMs !== null;
    const { level, isThin } = isKnown ? this.#policy.look(this.#line) : before;
    this.#voice.setCeiling(isThin ? THIN_VOICE_KBIT : null);
    if (level !== before.level) for (const link of this.#links.values()) link.micChanged();
    for (const link of this.#links.values()) await this.#shape(link, level);
    await this.#sendStill(nowMs, level === 0 ? [...this.#links.keys()] : this.#stranded(nowMs));
    this.#publish();
  }

  #lookWhoIsParted(nowMs: number): void {
    for (const [session, link] of this.#links) {
      if (link.isConnected) this.#partedSinceMs.delete(session);
      else if (!this.#partedSinceMs.has(session)) this.#partedSinceMs.set(session, nowMs);
    }
    const isJoined = this.#links.size > this.#partedSinceMs.size;
    if (isJoined !== this.isJoined.get()) this.isJoined.set(isJoined);
  }

  #stranded(nowMs: number): string[] {
    return [...this.#partedSinceMs].flatMap(([session, sinceMs]) => (nowMs - sinceMs >= STRANDED_MS ? [session] : []));
  }

  /** Caps what a connection sends at the level's share, resolution and rate. */
  async #shape(link: PeerLink, level: number): Promise<void> {
    const { sender } = link;
    const parameters = sender?.getParameters();
    const encoding = parameters?.encodings?.[0];
    if (!sender || !parameters || !encoding || level === 0) return;
    const { heightPx, fps, kbit } = CAMERA_LEVELS[level]!;
    const ownHeightPx = this.#stream?.getVideoTracks()[0]?.getSettings().height ?? heightPx;
    const scale = Math.max(1, ownHeightPx / heightPx);
    // Each viewer costs as much again: the level is what all of them take together.
    const maxBitrate = Math.round((kbit * 1000) / this.#links.size);
    if (encoding.maxBitrate === maxBitrate && encoding.scaleResolutionDownBy === scale) return;
    Object.assign(encoding, { maxBitrate, maxFramerate: fps, scaleResolutionDownBy: scale });
    await sender.setParameters(parameters);
  }

  async #sendStill(nowMs: number, viewers: readonly string[]): Promise<void> {
    const size = viewers.length > 0 ? this.#flow.due(nowMs) : null;
    if (!size) return;
    const taken = await this.#camera.take(size);
    if (!taken) return;
    const bytes = new Uint8Array(await taken.picture.arrayBuffer());
    const { widthPx, heightPx } = taken;
    const to = viewers.slice(0, MOST_VIEWERS) as never;
    const n = this.#flow.sent(performance.now());
    this.#session.voice.tell('camera.still', { to, n, bytes, widthPx, heightPx });
  }

  #publish(): void {
    const isSent = this.#stream !== null && this.#links.size > 0;
    const { level } = this.#policy.now;
    const goes = this.isJoined.get() ? 'video' : this.#stranded(performance.now()).length > 0 ? 'stills' : 'coming';
    const next: Sending = { mode: !isSent ? 'none' : level === 0 ? 'stills' : goes, level };
    const known = this.sending.get();
    if (known.mode !== next.mode || known.level !== next.level) this.sending.set(next);
  }

  async #reports(): Promise<Stat[][]> {
    return (await Promise.all([...this.#links.values()].map((link) => link.stats()))).map(statsIn);
  }
}

/** A track may have been covered or unplugged since it was opened. */
function standingOf(stream: MediaStream | null, why: CameraStanding): CameraStanding {
  const track = stream?.getVideoTracks()[0];
  if (!track) return why === 'on' ? 'lost' : why;
  if (track.readyState === 'ended') return 'lost';
  return track.muted || !track.enabled ? 'muted' : 'on';
}

function statsIn(report: RTCStatsReport): Stat[] {
  const stats: Stat[] = [];
  report.forEach((one: Stat) => stats.push(one));
  return stats;
}

/** Sessions whose camera is sent, and those who see it: experts before onlookers, by the order in which they came. */
export function sidesOf(
  document: Document,
  participants: readonly Pick<Participant, 'session' | 'user' | 'participant'>[],
): { readonly crew: readonly string[]; readonly viewers: readonly string[] } {
  const call = openCall(document);
  if (call?.status !== 'going') return { crew: [], viewers: [] };
  const working = new Set<string>(jobOf(document)?.crew.map(({ id }) => id));
  const helping = new Set<string>(expertsIn(call).map(({ id }) => id));
  const others = participants
    .filter(({ user }) => !working.has(user))
    .toSorted((a, b) => Number(helping.has(b.user)) - Number(helping.has(a.user)) || a.participant - b.participant);
  return {
    crew: participants.filter(({ user }) => working.has(user)).map(({ session }) => session),
    viewers: others.slice(0, MOST_VIEWERS).map(({ session }) => session),
  };
}
