import { generateKeyBetween } from 'fractional-indexing';
import {
  childrenOf,
  DEFAULT_MATERIAL,
  initialShape,
  MAX_PARTS_PER_OP,
  partOf,
  partsOf,
  subtreeOf,
  type Material,
  type ParametricKind,
  type Part,
} from '#protocol/design/index';
import { OpId, PartId } from '#protocol/ids';
import { IDENTITY_POSE, type Pose, type Vec3 } from '#protocol/spatial/index';
import { newId } from '../net/new-id.ts';
import type { RoomSession } from '../net/room-session.types.ts';
import type { Store } from '../net/store.ts';

export interface CommandContext {
  readonly session: RoomSession;
  readonly selection: Store<ReadonlySet<PartId>>;
  /** Where a new part of this height is put: in front of the person, on the floor. */
  readonly placeFor: (heightM: number) => Vec3;
  readonly language: 'en' | 'zh';
}

const NAMES = {
  en: { box: 'Box', cylinder: 'Shaft', plate: 'Plate', group: 'Group' },
  zh: { box: '长方体', cylinder: '轴', plate: '孔板', group: '组' },
} as const;
const COPY_GAP_M = 0.01;

const newPartId = (): PartId => PartId.parse(newId());

/** What keys, the wrist palette and panels do to the selection. Each is one step of undo. */
export class Commands {
  constructor(private readonly context: CommandContext) {}

  undo = (): void => this.context.session.undo();
  redo = (): void => this.context.session.redo();

  deleteSelection = (): void => {
    const ids = this.#topmost();
    this.#inSlices(ids, (slice, group) => this.context.session.submit('parts.delete', { ids: slice }, { group }));
    if (ids.length) this.context.selection.set(new Set());
  };

  hideSelection = (): void => this.setHidden(this.#topmost(), true);

  setHidden = (ids: readonly PartId[], hidden: boolean): void =>
    this.#inSlices(ids, (slice, group) =>
      this.context.session.submit('part.setHidden', { ids: slice, hidden }, { group }),
    );

  /** Keeps the preset; an imported look becomes paint. Groups pass the colour on to what is in them. */
  setColor = (color: string): void => {
    const document = this.context.session.document.get();
    const byPreset = new Map<Material['preset'], PartId[]>();
    for (const id of this.#topmost())
      for (const part of subtreeOf(document, id)) {
        if (!part.shape) continue;
        const preset = part.material.preset === 'original' ? 'paint' : part.material.preset;
        byPreset.set(preset, [...(byPreset.get(preset) ?? []), part.id]);
      }
    const group = OpId.parse(newId());
    for (const [preset, ids] of byPreset)
      this.#inSlices(ids, (slice) =>
        this.context.session.submit('part.setMaterial', { ids: slice, material: { preset, color } }, { group }),
      );
  };

  /** Copies stand beside their originals and are selected. */
  duplicateSelection = (): void => {
    const document = this.context.session.document.get();
    const copies: Part[] = [];
    const roots: PartId[] = [];
    const renamed = new Map<PartId, PartId>();
    for (const root of this.#topmost())
      for (const part of subtreeOf(document, root)) {
        const id = newPartId();
        renamed.set(part.id, id);
        if (part.id === root) roots.push(id);
        const parent = part.id === root ? part.parent : renamed.get(part.parent!)!;
        copies.push({ ...part, id, parent, ...(part.id === root ? { poseInParent: beside(part) } : {}) });
      }
    this.#inSlices(copies, (parts, group) => this.context.session.submit('parts.add', { parts }, { group }));
    if (roots.length) this.context.selection.set(new Set(roots));
  };

  addParametric = (kind: ParametricKind): PartId | null => {
    const { session, selection, placeFor, language } = this.context;
    const shape = initialShape(kind);
    const heightM = shape.kind === 'plate' ? shape.dimensions.thicknessM : shape.dimensions.heightM;
    const siblings = childrenOf(session.document.get(), null);
    const made = partsOf(session.document.get()).valueSeq();
    const number = made.count((one) => one.shape?.kind === kind) + 1;
    const part: Part = {
      id: newPartId(),
      parent: null,
      name: `${NAMES[language][kind]} ${number}`,
      order: orderAfter(siblings.at(-1)?.order ?? null),
      poseInParent: { ...IDENTITY_POSE, position: placeFor(heightM) },
      hidden: false,
      material: DEFAULT_MATERIAL,
      shape,
    };
    if ('problem' in session.submit('parts.add', { parts: [part] })) return null;
    selection.set(new Set([part.id]));
    return part.id;
  };

  /** Parts of one group, where they stand, in a new group. */
  groupSelection = (): PartId | null => {
    const { session, selection, language } = this.context;
    const document = session.document.get();
    const parts = this.#topmost().map((id) => partOf(document, id)!);
    const first = parts[0];
    if (!first || parts.some(({ parent }) => parent !== first.parent)) return null;
    const id = newPartId();
    const group = OpId.parse(newId());
    const empty: Part = {
      ...{ id, parent: first.parent, name: NAMES[language].group, order: first.order },
      ...{ poseInParent: IDENTITY_POSE, hidden: false, material: DEFAULT_MATERIAL, shape: null },
    };
    if ('problem' in session.submit('parts.add', { parts: [empty] }, { group })) return null;
    for (const part of parts)
      session.submit(
        'part.place',
        { id: part.id, parent: id, order: part.order, poseInParent: part.poseInParent },
        { group },
      );
    selection.set(new Set([id]));
    return id;
  };

  /** What is selected without what lies inside other selected groups. */
  #topmost(): PartId[] {
    const { session, selection } = this.context;
    const document = session.document.get();
    const chosen = selection.get();
    return [...chosen].filter((id) => {
      const part = partOf(document, id);
      if (!part) return false;
      for (let at = part.parent; at !== null; at = partOf(document, at)?.parent ?? null)
        if (chosen.has(at)) return false;
      return true;
    });
  }

  #inSlices<T>(items: readonly T[], send: (slice: T[], group: OpId) => unknown): void {
    const group = OpId.parse(newId());
    for (let i = 0; i < items.length; i += MAX_PARTS_PER_OP) send(items.slice(i, i + MAX_PARTS_PER_OP), group);
  }
}

/** Orders written by other clients need not be keys of fractional-indexing; then the next text in line is taken. */
function orderAfter(last: string | null): string {
  try {
    return generateKeyBetween(last, null);
  } catch (notAKey) {
    if (!(notAKey instanceof Error)) throw notAKey;
    return last === null ? 'a0' : `${last}V`.slice(0, 64);
  }
}

function beside(part: Part): Pose {
  const width =
    part.shape?.kind === 'asset'
      ? part.shape.boundsM.max[0] - part.shape.boundsM.min[0]
      : part.shape?.kind === 'cylinder'
        ? part.shape.dimensions.radiusM * 2
        : (part.shape?.dimensions.widthM ?? 0.1);
  const [x, y, z] = part.poseInParent.position;
  return { ...part.poseInParent, position: [x + width + COPY_GAP_M, y, z] };
}
