import type { PartId } from '#protocol/ids';
import { PARTICIPANT_COLORS } from '../palette.ts';
import type { Vec3 } from '#protocol/spatial/index';
import type { RoomSession } from '../net/room-session.types.ts';
import type { Overlay } from './overlay.ts';
import type { World } from './world/world.ts';

/** The name of whoever holds a part, above it, in their colour. */
export class HeldTags {
  readonly #tags = new Map<PartId, HTMLElement>();
  readonly #stop: () => void;

  constructor(
    private readonly session: RoomSession,
    private readonly world: World,
    private readonly overlay: Overlay,
  ) {
    this.#stop = session.held.subscribe(() => this.#sync());
    this.#sync();
  }

  /** Parts that others hold, with the holder's colour. */
  heldByOthers(): Map<PartId, string> {
    const colors = new Map<PartId, string>();
    for (const { part, session } of this.session.held.get().values()) {
      if (session === this.session.me.session) continue;
      const holder = this.session.participants.get().find((one) => one.session === session);
      colors.set(part, PARTICIPANT_COLORS[(holder?.color ?? 11) % 12]!);
    }
    return colors;
  }

  dispose(): void {
    this.#stop();
  }

  #sync(): void {
    const held = this.heldByOthers();
    for (const [part, tag] of this.#tags) {
      if (held.has(part)) continue;
      this.overlay.remove(tag);
      this.#tags.delete(part);
    }
    for (const [part, color] of held) {
      let tag = this.#tags.get(part);
      if (!tag) {
        tag = this.overlay.add('div', 'wh-label');
        this.#tags.set(part, tag);
        this.overlay.anchor(tag, () => this.#above(part), [0, -16]);
      }
      const { session } = this.session.held.get().get(part)!;
      tag.textContent = this.session.participants.get().find((one) => one.session === session)?.name ?? '';
      Object.assign(tag.style, { background: color, color: '#fff', borderColor: color, fontWeight: '600' });
    }
  }

  #above(part: PartId): Vec3 | null {
    const { min, max } = this.world.boundsInRoom([part]);
    return min[0] > max[0] ? null : [(min[0] + max[0]) / 2, max[1], (min[2] + max[2]) / 2];
  }
}
