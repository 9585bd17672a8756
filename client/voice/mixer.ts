import { rotateVec3, type Pose, type Vec3 } from '#protocol/spatial/index';
import { Store } from '../net/store.ts';
import { levelDb } from './speaking.ts';

/**
 * How a voice fades with the distance: full up to an arm's length and a half, half as loud at about five metres, and
 * still to be understood across a hall. Rooms are for talking; who looks at a large product from afar must not go deaf.
 */
const DISTANCE = { distanceModel: 'inverse', refDistance: 1.5, rolloffFactor: 0.4, maxDistance: 40 } as const;
/** Poses come 10 to 20 times a second: the sound glides between them with this time constant, s. */
const GLIDE_S = 0.06;
/** A voice comes and goes in this time, s: no click. */
const FADE_S = 0.02;
const SAMPLES = 1024;

interface Person {
  readonly gate: GainNode;
  readonly analyser: AnalyserNode;
  readonly panner: PannerNode;
  track: MediaStreamTrack | null;
  source: MediaStreamAudioSourceNode | null;
}

/** Everybody's voice where their head is, heard with my ears (HRTF). */
export class Mixer {
  /** The browser lets nothing sound before the person has touched the page. */
  readonly isAsleep = new Store(false);
  readonly #context = new AudioContext({ latencyHint: 'interactive' });
  readonly #people = new Map<string, Person>();
  /** Chromium lets a remote track run only when an element plays it; these do, silently. */
  readonly #pumps = new Map<MediaStreamTrack, HTMLAudioElement>();
  /** All voices together, as they reach the ears. */
  readonly #ears = new AnalyserNode(this.#context, { fftSize: SAMPLES });
  readonly #samples = new Float32Array(SAMPLES);
  readonly #wake = () => void this.#context.resume();
  /** What I say, for a recording: open while others hear me. */
  readonly #ownGate = new GainNode(this.#context, { gain: 0 });
  #tapped: MediaStreamAudioDestinationNode | null = null;
  #mine: { stream: MediaStream; source: MediaStreamAudioSourceNode; analyser: AnalyserNode } | null = null;

  constructor() {
    this.#ears.connect(this.#context.destination);
    const look = () => this.isAsleep.set(this.#context.state === 'suspended');
    this.#context.addEventListener('statechange', look);
    look();
    for (const touch of ['pointerdown', 'keydown']) addEventListener(touch, this.#wake, { capture: true });
    void this.#context.resume();
  }

  /**
   * Whose voice comes on which track; null and who is missing is silent. `standby`: tracks that may be needed any moment,
   * which run unheard so that they need not start when a room changes its way.
   */
  hear(tracks: ReadonlyMap<string, MediaStreamTrack | null>, standby: readonly MediaStreamTrack[] = []): void {
    for (const [session, person] of this.#people) {
      // A track may go from one person to another: it leaves first.
      if ((tracks.get(session) ?? null) !== person.track) this.#connect(person, null);
      if (!tracks.has(session)) this.#forget(session, person);
    }
    for (const [session, track] of tracks) {
      const person = this.#people.get(session) ?? this.#add(session);
      if (person.track !== track) this.#connect(person, track);
    }
    for (const track of standby) this.#pump(track);
    const inUse = new Set([...tracks.values(), ...standby]);
    for (const [track, pump] of this.#pumps) {
      if (inUse.has(track)) continue;
      pump.srcObject = null;
      this.#pumps.delete(track);
    }
  }

  /** My own microphone, for its level, and for who records: `isOpen`, others hear it. */
  measure(stream: MediaStream | null, isOpen = false): void {
    this.#ownGate.gain.setTargetAtTime(isOpen ? 1 : 0, this.#context.currentTime, FADE_S);
    if (this.#mine?.stream === stream) return;
    this.#mine?.source.disconnect();
    this.#mine = null;
    if (!stream) return;
    const source = this.#context.createMediaStreamSource(stream);
    const analyser = new AnalyserNode(this.#context, { fftSize: SAMPLES });
    source.connect(analyser);
    source.connect(this.#ownGate);
    this.#mine = { stream, source, analyser };
  }

  /** All that is heard here and what I say to the others: for a recording that everybody has agreed to. */
  tap(): MediaStream {
    if (!this.#tapped) {
      this.#tapped = this.#context.createMediaStreamDestination();
      this.#ears.connect(this.#tapped);
      this.#ownGate.connect(this.#tapped);
    }
    return this.#tapped.stream;
  }

  /** dB below full scale, 0 the loudest. */
  levelOf(session: string): number {
    const person = this.#people.get(session);
    return person?.track ? this.#levelAt(person.analyser) : -Infinity;
  }

  get ownLevel(): number {
    return this.#mine ? this.#levelAt(this.#mine.analyser) : -Infinity;
  }

  get heardLevel(): number {
    return this.#levelAt(this.#ears);
  }

  /** Where my ears are, in the room. */
  listenAt({ position, rotation }: Pose): void {
    const { listener } = this.#context;
    const forward = rotateVec3(rotation, [0, 0, -1]);
    const up = rotateVec3(rotation, [0, 1, 0]);
    if (!listener.positionX) {
      // Firefox knows only the older way.
      listener.setPosition(...position);
      listener.setOrientation(...forward, ...up);
      return;
    }
    this.#glide([listener.positionX, listener.positionY, listener.positionZ], position);
    this.#glide([listener.forwardX, listener.forwardY, listener.forwardZ], forward);
    this.#glide([listener.upX, listener.upY, listener.upZ], up);
  }

  /** Where somebody's head is, in the room. Until it is known, they are heard as if they stood with me. */
  place(session: string, head: Vec3): void {
    const panner = this.#people.get(session)?.panner;
    if (panner) this.#glide([panner.positionX, panner.positionY, panner.positionZ], head);
  }

  dispose(): void {
    for (const touch of ['pointerdown', 'keydown']) removeEventListener(touch, this.#wake, { capture: true });
    this.hear(new Map());
    this.measure(null);
    void this.#context.close();
  }

  #add(session: string): Person {
    const context = this.#context;
    const person: Person = {
      gate: new GainNode(context, { gain: 0 }),
      analyser: new AnalyserNode(context, { fftSize: SAMPLES }),
      panner: new PannerNode(context, { panningModel: 'HRTF', ...DISTANCE }),
      track: null,
      source: null,
    };
    person.gate.connect(person.analyser).connect(person.panner).connect(this.#ears);
    this.#people.set(session, person);
    return person;
  }

  #connect(person: Person, track: MediaStreamTrack | null): void {
    person.source?.disconnect();
    person.source = null;
    person.track = track;
    person.gate.gain.setTargetAtTime(track ? 1 : 0, this.#context.currentTime, FADE_S);
    if (!track) return;
    person.source = this.#context.createMediaStreamSource(new MediaStream([track]));
    person.source.connect(person.gate);
    this.#pump(track);
  }

  #pump(track: MediaStreamTrack): void {
    if (this.#pumps.has(track)) return;
    const pump = new Audio();
    pump.muted = true;
    pump.srcObject = new MediaStream([track]);
    pump.play().catch(() => this.isAsleep.set(this.#context.state === 'suspended'));
    this.#pumps.set(track, pump);
  }

  #forget(session: string, person: Person): void {
    person.panner.disconnect();
    this.#people.delete(session);
  }

  #levelAt(analyser: AnalyserNode): number {
    analyser.getFloatTimeDomainData(this.#samples);
    return levelDb(this.#samples);
  }

  #glide(params: readonly AudioParam[], values: readonly number[]): void {
    params.forEach((param, i) => param.setTargetAtTime(values[i]!, this.#context.currentTime, GLIDE_S));
  }
}
