import type { Participant } from '#protocol/room/index';
import type { PartId } from '#protocol/ids';
import { mixPose, type Vec3 } from '#protocol/spatial/index';
import { PARTICIPANT_COLORS } from '../../palette.ts';
import type { RoomSession } from '../../net/room-session.types.ts';
import type { Stage } from '../stage/stage.ts';
import { distance } from '../vec.ts';
import type { World } from '../world/world.ts';
import { Avatar } from './avatar.ts';

/** A dragged part follows its holder's hand with this time constant, ms: smooth at 20 states per second. */
const CARRY_FOLLOW_MS = 45;
/** A carry that is not renewed for this long is over (its op settles the pose). */
const CARRY_STALE_MS = 700;

/** Everyone else in the room, and the parts in their hands. */
export class Avatars {
  readonly #stage: Stage;
  readonly #session: RoomSession;
  readonly #world: World;
  readonly #shown = new Map<number, { avatar: Avatar; key: string }>();
  readonly #carried = new Map<PartId, { to: ReturnType<World['poseInParent']>; atMs: number }>();
  readonly #detach: (() => void)[];
  /** Size of people who come from a desktop: 1 in a large hall, smaller beside a small product. */
  desktopSize = 1;
  #isVisible = true;

  constructor(stage: Stage, session: RoomSession, world: World) {
    this.#stage = stage;
    this.#session = session;
    this.#world = world;
    this.#sync();
    this.#detach = [
      session.participants.subscribe(() => this.#sync()),
      session.onBodies((bodies) => {
        for (const { participant, body, atMs } of bodies) this.#shown.get(participant)?.avatar.push(body, atMs);
        stage.invalidate();
      }),
      session.onHands((hands) => {
        for (const { participant, ...pose } of hands) this.#shown.get(participant)?.avatar.pushHands(pose);
        stage.invalidate();
      }),
      session.onLost((participants) => {
        for (const participant of participants) this.#shown.get(participant)?.avatar.lose();
        stage.invalidate();
      }),
      session.onCarries((carries) => {
        for (const { part, poseInParent, participant } of carries)
          if (participant !== session.me.participant)
            this.#carried.set(part as PartId, { to: poseInParent, atMs: performance.now() });
        stage.invalidate();
      }),
      session.onChanges((changes) => {
        for (const { table, id } of changes) if (table === 'parts') this.#settle(id as PartId);
      }),
      stage.onTick((nowMs, elapsedMs) => this.#tick(nowMs, elapsedMs)),
    ];
  }

  of(participant: number): Avatar | undefined {
    return this.#shown.get(participant)?.avatar;
  }

  /** How large a person is shown: 1 in life size. */
  sizeOf(participant: number): number {
    return this.#shown.get(participant)?.avatar.isHeadset ? 1 : this.desktopSize;
  }

  /** Where the heads of the others are now, in the room. */
  heads(): Vec3[] {
    const nowMs = performance.now();
    return [...this.#shown.values()].flatMap(({ avatar }) => {
      const head = avatar.headInRoom(nowMs);
      return head ? [head.position] : [];
    });
  }

  set isVisible(isVisible: boolean) {
    this.#isVisible = isVisible;
    for (const { avatar } of this.#shown.values()) avatar.isVisible = isVisible;
  }

  dispose(): void {
    for (const stop of this.#detach) stop();
    for (const { avatar } of this.#shown.values()) avatar.dispose();
  }

  #sync(): void {
    const others = this.#session.participants
      .get()
      .filter(({ session, isConnected }) => session !== this.#session.me.session && isConnected);
    for (const [number, { avatar, key }] of this.#shown) {
      if (others.some((one) => one.participant === number && keyOf(one) === key)) continue;
      avatar.dispose();
      this.#shown.delete(number);
    }
    for (const one of others) {
      if (this.#shown.has(one.participant)) continue;
      const tag = { name: one.name, color: PARTICIPANT_COLORS[one.color % 12]!, isWallet: one.badge === 'wallet' };
      const avatar = new Avatar(this.#stage, tag);
      avatar.isVisible = this.#isVisible;
      this.#shown.set(one.participant, { avatar, key: keyOf(one) });
    }
    this.#stage.invalidate();
  }

  #tick(nowMs: number, elapsedMs: number): boolean {
    let isMoving = false;
    const eye = (this.#stage.scene.activeCamera ?? this.#stage.camera).globalPosition;
    for (const { avatar } of this.#shown.values()) isMoving = avatar.show(nowMs, eye, this.desktopSize) || isMoving;
    const share = 1 - Math.exp(-elapsedMs / CARRY_FOLLOW_MS);
    const held = this.#session.held.get();
    for (const [part, { to, atMs }] of this.#carried) {
      const isStale = nowMs - atMs > CARRY_STALE_MS;
      // A hand that holds still sends nothing: the part stays in it for as long as it is held.
      if ((isStale && !held.has(part)) || !this.#world.has(part)) this.#settle(part);
      else if (!isStale) this.#world.carry(part, mixPose(this.#world.poseInParent(part), to, share));
      else if (distance(this.#world.poseInParent(part).position, to.position) > 1e-5) this.#world.carry(part, to);
      isMoving ||= !isStale;
    }
    return isMoving;
  }

  #settle(part: PartId): void {
    if (this.#carried.delete(part)) this.#world.carry(part, null);
  }
}

const keyOf = (one: Participant): string => `${one.session} ${one.name} ${one.color} ${one.badge}`;
