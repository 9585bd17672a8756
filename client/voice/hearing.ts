import type { VoiceMember } from '#protocol/room/index';
import type { Vec3 } from '#protocol/spatial/index';
import type { RoomSession } from '../net/room-session.types.ts';
import { Store } from '../net/store.ts';
import type { Mixer } from './mixer.ts';
import { meterOf, SpeakingDetector } from './speaking.ts';
import type { Voices } from './voice.types.ts';

/** What is heard of each of the others, and from where. */
export class Hearing {
  /** By session. */
  readonly others = new Store<ReadonlyMap<string, Voices>>(new Map());
  readonly dispose: () => void;
  readonly #session: RoomSession;
  readonly #heads = new Map<number, Vec3>();
  readonly #detectors = new Map<string, SpeakingDetector>();

  constructor(session: RoomSession) {
    this.#session = session;
    this.dispose = session.onBodies((bodies) => {
      for (const { participant, body } of bodies) this.#heads.set(participant, body.headInRoom.position);
    });
  }

  /** `members`: everybody in the voice with their microphone; without a mixer nobody sounds yet, but who is there shows. */
  look(members: ReadonlyMap<string, VoiceMember>, mixer: Mixer | null, nowMs: number): void {
    if (mixer)
      for (const { session, participant } of this.#session.participants.get()) {
        const head = this.#heads.get(participant);
        if (head) mixer.place(session, head);
      }
    const known = this.others.get();
    const now = new Map<string, Voices>();
    for (const [session, { mic, isToMe = false }] of members) {
      if (session === this.#session.me.session) continue;
      const db = mixer && mic === 'open' ? mixer.levelOf(session) : -Infinity;
      const isSpeaking = this.#detectorOf(session).update(db, nowMs) && mic === 'open';
      const next = { mic, level: meterStep(db), isSpeaking, isToMe };
      const before = known.get(session);
      now.set(session, before && isSame(before, next) ? before : next);
    }
    for (const session of this.#detectors.keys()) if (!now.has(session)) this.#detectors.delete(session);
    if (now.size !== known.size || [...now].some(([session, one]) => known.get(session) !== one)) this.others.set(now);
  }

  #detectorOf(session: string): SpeakingDetector {
    let detector = this.#detectors.get(session);
    if (!detector) this.#detectors.set(session, (detector = new SpeakingDetector()));
    return detector;
  }
}

/** In steps that one sees, so that a meter that looks the same is not drawn again. */
export const meterStep = (db: number): number => Math.round(meterOf(db) * 20) / 20;

const isSame = (a: Voices, b: Voices): boolean =>
  a.mic === b.mic && a.level === b.level && a.isSpeaking === b.isSpeaking && a.isToMe === b.isToMe;
