import { Store } from '#net/store';
import type { RoomSession } from '#net/index';
import type { PartId } from '#protocol/ids';
import {
  joinMoves,
  mountOf,
  proposeTolerance,
  recordedProcedure,
  type MotionFrame,
  type Procedure,
  type RecordedMove,
  type RecordedPart,
  type StandingPart,
} from '#protocol/procedures/index';
import type { Pose } from '#protocol/spatial/index';
import type { DragNews, Handwork } from '../../../scene/handwork.types.ts';
import { symmetryOf } from './design-symmetry.ts';
import { Riders } from './riders.ts';

/** A pose is kept when it differs from the last one by more than this, or after a while, ms. */
const MOVED_M = 0.0002;
const TURNED = 1e-6;
const KEEP_EVERY_MS = 250;
/** A drag of minutes keeps this many; it is simplified later anyway. */
const MOST_SAMPLES = 20_000;
/** What stands around comes along up to so many things; more would be a warehouse. */
const MOST_THINGS = 100;

interface Track {
  readonly part: PartId;
  readonly samples: MotionFrame[];
}
/** Where a part was when it was taken, and what it was on. */
interface Before {
  readonly startInParent: Pose;
  readonly startMount: PartId | null;
}
/** A move that can be taken back. */
interface Done extends Before {
  readonly move: RecordedMove;
}
export interface RecordedStep {
  readonly part: PartId;
  readonly name: string;
  readonly mount: string | null;
  readonly note: string;
  readonly isSpoken: boolean;
}
export interface DraftWords {
  readonly title: Readonly<Record<string, string>>;
  readonly chapter: Readonly<Record<string, string>>;
  /** The author's first. */
  readonly languages: readonly string[];
  readonly say: (part: string, mount: string | null, language: string) => string;
  /** What a spoken note is called until somebody writes it down. */
  readonly spokenNote: Readonly<Record<string, string>>;
}

/**
 * Writes down what hands do with the parts of a design, by mouse or in a headset, with both hands at once: each part
 * that is taken, moved and let go becomes a step. Begins when it is made, ends with `dispose`.
 */
export class Recorder {
  readonly steps = new Store<readonly RecordedStep[]>([]);
  readonly #handwork: Handwork;
  readonly #session: RoomSession;
  readonly #nowMs: () => number;
  readonly #beganMs: number;
  readonly #starts = new Map<PartId, Pose>();
  readonly #drags = new Map<
    object,
    { readonly tracks: readonly Track[]; readonly before: ReadonlyMap<PartId, Before> }
  >();
  readonly #moved = new Set<PartId>();
  readonly #riders: Riders;
  readonly #stop: (() => void)[];
  #done: Done[] = [];

  constructor(handwork: Handwork, session: RoomSession, nowMs = () => performance.now()) {
    this.#handwork = handwork;
    this.#session = session;
    this.#nowMs = nowMs;
    this.#beganMs = nowMs();
    this.#riders = new Riders(handwork, session);
    for (const id of handwork.shown()) this.#starts.set(id, handwork.poseInRoom(id));
    this.#stop = [handwork.onDrag((news) => this.#onDrag(news)), handwork.onFrame(() => this.#sample())];
  }

  dispose(): void {
    for (const stop of this.#stop) stop();
    this.#riders.putBack();
  }

  /** Words for a step as it stands in `steps`. */
  note(at: number, note: string): void {
    this.#say(this.#movesOf(at).at(-1)?.move, { note });
  }

  /** Where a note to the last step goes, whatever is done while it is said. Null: there is none. */
  lastMove(): RecordedMove | null {
    return this.#movesOf(this.steps.get().length - 1).at(-1)?.move ?? null;
  }

  /** `spoken`: what the draft is to call the sound; the sound itself is elsewhere. False: the step was taken back. */
  speak(move: RecordedMove, spoken: string): boolean {
    // What was noted meanwhile has made another object of it.
    const same = this.#done.find(({ move: one }) => one.samples === move.samples)?.move;
    this.#say(same, { spoken });
    return same !== undefined;
  }

  /** All sounds that the draft speaks of. */
  get spoken(): readonly string[] {
    return joinMoves(this.#done.map(({ move }) => move)).flatMap(({ spoken }) => spoken ?? []);
  }

  /** The last step is not one; its part goes back to where it was taken. */
  undoLast(): void {
    const moves = this.#movesOf(this.steps.get().length - 1);
    const first = moves[0];
    if (!first) return;
    this.#done = this.#done.filter((done) => !moves.includes(done));
    const id = first.move.part as PartId;
    this.#session.submit('part.move', { moves: [{ id, poseInParent: first.startInParent }] });
    this.#riders.settle(id);
    this.#riders.sit(id, first.startMount);
    this.#tell();
  }

  /** `cids`: where the sounds are kept. */
  draft({ say, spokenNote, ...words }: DraftWords, cids: ReadonlyMap<string, string> = new Map()): Procedure {
    const moves = this.#done.map(({ move }) => ({ ...move, spoken: cids.get(move.spoken ?? '') ?? null }));
    const things = this.#things(moves);
    const idOf = new Map(things.map((id, at) => [id, `part-${at + 1}`]));
    const inThings = moves.map((move): RecordedMove => ({
      ...move,
      part: idOf.get(move.part as PartId)!,
      mount: move.mount && { ...move.mount, part: idOf.get(move.mount.part as PartId)! },
    }));
    const parts = things.map((id): RecordedPart => {
      const { part, poseInRoom } = this.#handwork.standing(id)!;
      return {
        id: idOf.get(id)!,
        part: id,
        name: Object.fromEntries(words.languages.map((language) => [language, part.name])),
        symmetry: symmetryOf(part.shape),
        startInRoom: this.#starts.get(id) ?? poseInRoom,
      };
    });
    return recordedProcedure(parts, inThings, { ...words, spokenNote, id: 'procedure', design: null, say });
  }

  #onDrag({ kind, drag, parts }: DragNews): void {
    if (kind === 'taken') {
      for (const id of parts) if (!this.#starts.has(id)) this.#starts.set(id, this.#handwork.poseInRoom(id));
      const before = new Map(
        parts.map((id): [PartId, Before] => [
          id,
          { startInParent: this.#handwork.poseInParent(id), startMount: this.#riders.mountOf(id) },
        ]),
      );
      for (const id of parts) this.#riders.sit(id, null);
      this.#drags.set(drag, { tracks: parts.map((part) => ({ part, samples: [] })), before });
      return this.#sample();
    }
    const ended = this.#drags.get(drag);
    if (!ended) return;
    if (kind === 'givenUp') {
      this.#riders.putBack();
      for (const [id, { startMount }] of ended.before) this.#riders.sit(id, startMount);
    } else {
      this.#sample(true);
      for (const track of ended.tracks) this.#letGo(track, ended.before.get(track.part)!, drag);
      this.#tell();
    }
    this.#drags.delete(drag);
  }

  #sample(isLast = false): void {
    const atMs = this.#nowMs() - this.#beganMs;
    for (const { tracks } of this.#drags.values())
      for (const { part, samples } of tracks) {
        const poseInRoom = this.#handwork.poseInRoom(part);
        const before = samples.at(-1);
        const isNews = !before || isOther(before.poseInRoom, poseInRoom) || atMs - before.atMs > KEEP_EVERY_MS;
        if (isNews) this.#riders.follow(part);
        if ((isNews || isLast) && samples.length < MOST_SAMPLES) samples.push({ atMs, poseInRoom });
        else if (isNews || isLast) samples[samples.length - 1] = { atMs, poseInRoom };
      }
  }

  #letGo({ part, samples }: Track, before: Before, drag: object): void {
    const standing = this.#handwork.standing(part);
    if (!standing || samples.length === 0) return;
    this.#moved.add(part);
    const others = this.#others(part);
    const tracks = [...this.#drags].flatMap(([key, { tracks: all }]) => (key === drag ? [] : all));
    const moved: StandingPart = { ...standing, id: part };
    const mount = mountOf(moved, others, new Set(tracks.map((track) => track.part)));
    const mounted = others.find(({ id }) => id === mount);
    const track = tracks.find((one) => one.part === mount);
    this.#riders.settle(part);
    this.#riders.sit(part, mounted ? (mounted.id as PartId) : null);
    this.#done.push({
      ...before,
      move: {
        ...{ part, samples, note: '', spoken: null },
        mount: mounted
          ? { part: mounted.id, poseInRoom: mounted.poseInRoom, track: [...(track?.samples ?? [])] }
          : null,
        ...proposeTolerance(moved, others, mount),
      },
    });
  }

  /** Everything else that stands around: single parts, and groups that were moved as one. */
  #others(part: PartId): StandingPart[] {
    const inside = new Set<PartId>(this.#handwork.withChildren(part));
    const others: StandingPart[] = [];
    const take = (id: PartId) => {
      const standing = this.#handwork.standing(id);
      if (standing) others.push({ ...standing, id });
    };
    for (const id of this.#moved) {
      const below = this.#handwork.withChildren(id);
      // What it is in itself is no neighbour.
      if (inside.has(id) || below.has(part)) continue;
      take(id);
      for (const one of below) inside.add(one);
    }
    for (const id of this.#handwork.shown()) if (!inside.has(id)) take(id);
    return others;
  }

  #things(moves: readonly RecordedMove[]): PartId[] {
    const needed = new Set<PartId>();
    for (const { part, mount } of joinMoves(moves)) {
      needed.add(part as PartId);
      if (mount) needed.add(mount.part as PartId);
    }
    const inside = new Set<PartId>([...needed].flatMap((id) => [...this.#handwork.withChildren(id)]));
    const around = this.#handwork.shown().filter((id) => !inside.has(id));
    const things = [...needed, ...around].filter((id) => this.#handwork.standing(id) !== null);
    return things.slice(0, Math.max(needed.size, MOST_THINGS));
  }

  /** What was written down for one step; joining goes by the same rule as the draft. */
  #movesOf(at: number): Done[] {
    const step = this.steps.get()[at];
    if (!step) return [];
    return stretchesOf(this.#done).find(({ part, index }) => part === step.part && index === at)?.moves ?? [];
  }

  #say(move: RecordedMove | undefined, about: Partial<RecordedMove>): void {
    if (!move) return;
    this.#done = this.#done.map((done) => (done.move === move ? { ...done, move: { ...move, ...about } } : done));
    this.#tell();
  }

  #tell(): void {
    const nameOf = (id: string) => this.#handwork.standing(id as PartId)?.part.name ?? id;
    this.steps.set(
      stretchesOf(this.#done).map(({ moves }) => {
        const [{ part, mount, note, spoken }] = joinMoves(moves.map(({ move }) => move)) as [RecordedMove];
        return {
          ...{ part: part as PartId, name: nameOf(part), mount: mount && nameOf(mount.part), note },
          isSpoken: spoken !== null,
        };
      }),
    );
  }
}

/** Moves that follow each other and make one step; those that came to nothing are left out. */
function stretchesOf(done: readonly Done[]): { part: string; index: number; moves: Done[] }[] {
  const stretches: { part: string; moves: Done[] }[] = [];
  for (const one of done) {
    const before = stretches.at(-1);
    if (before?.part === one.move.part) before.moves.push(one);
    else stretches.push({ part: one.move.part, moves: [one] });
    // Put back where it lay: what comes next may belong to the step before.
    if (joinMoves(stretches.at(-1)!.moves.map(({ move }) => move)).length === 0) stretches.pop();
  }
  return stretches.map((one, index) => ({ ...one, index }));
}

function isOther(a: Pose, b: Pose): boolean {
  const apart = a.position.some((value, axis) => Math.abs(value - b.position[axis]!) > MOVED_M);
  return apart || a.rotation.some((value, axis) => Math.abs(value - b.rotation[axis]!) > TURNED * 100);
}
