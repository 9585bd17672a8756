/// <reference types="webxr" />
import { KeptAlignment } from '#protocol/alignment/index';
import { composePose, IDENTITY_POSE, type Pose } from '#protocol/spatial/index';
import { poseOf } from '../../../xr/hands/hand.ts';
import type { Aligner } from '../model/aligner.ts';

/** Handles that outlive a session are not in every browser, nor in TypeScript's types (WebXR Anchors, "persistent anchors"). */
interface Lasting {
  requestPersistentHandle?(): Promise<string>;
}
interface Restoring {
  restorePersistentAnchor?(handle: string): Promise<XRAnchor>;
  /** Devices keep a few for each page, and refuse more. */
  deletePersistentAnchor?(handle: string): Promise<undefined>;
}

const keyOf = (station: string, productType: string) => `workhall.alignment.${station}.${productType}`;
/** An alignment of yesterday is looked at anew. */
const KEPT_FOR_MS = 12 * 3_600_000;

/**
 * The product's pose pinned to the device's own anchor, where it has them: it goes along when the device corrects its map,
 * and is kept for the station over sessions where the device can find the anchor again.
 */
export class StationAnchor {
  readonly #session: XRSession;
  readonly #aligner: Aligner;
  readonly #key: string;
  readonly #station: string;
  #anchor: XRAnchor | null = null;
  /** The fit that the anchor holds; another one wants another anchor. */
  #pinned: object | null = null;
  #isPinning = false;
  #isOver = false;
  /** Found again, and not yet seen where: nothing is shown before that. */
  #kept: KeptAlignment | null = null;
  /** The product in the anchor's space. */
  #offset: Pose = IDENTITY_POSE;

  constructor(session: XRSession, aligner: Aligner, station: string, productType: string) {
    this.#session = session;
    this.#aligner = aligner;
    this.#station = station;
    this.#key = keyOf(station, productType);
    void this.#restore();
  }

  /** Once per frame: a new alignment is pinned, a pinned one followed. */
  tick(frame: XRFrame, deviceSpace: XRReferenceSpace): void {
    const { fit, by } = this.#aligner.view.get();
    // The old anchor says nothing of an alignment that is being pinned anew.
    if (this.#isPinning) return;
    if (this.#kept) this.#takeUp(this.#kept, frame, deviceSpace);
    else if (this.#anchor && this.#pinned && fit === this.#pinned) {
      const now = poseOf(frame.getPose(this.#anchor.anchorSpace, deviceSpace));
      const product = now && composePose(now, this.#offset);
      if (product && isApart(product, fit!.productInDevice)) {
        this.#aligner.follow(product);
        this.#pinned = this.#aligner.view.get().fit;
      }
    } else if (fit && by !== null && frame.createAnchor) {
      this.#isPinning = true;
      this.#pinned = fit;
      void this.#pin(frame, deviceSpace, fit.productInDevice);
    }
  }

  /** Where the device has found the anchor again: a handle alone is no place yet. Who has aligned meanwhile knows better. */
  #takeUp(kept: KeptAlignment, frame: XRFrame, deviceSpace: XRReferenceSpace): void {
    if (this.#aligner.view.get().fit) return void (this.#kept = null);
    const now = poseOf(frame.getPose(this.#anchor!.anchorSpace, deviceSpace));
    if (!now) return;
    this.#kept = null;
    this.#aligner.adopt({ ...kept, productInDevice: composePose(now, this.#offset) });
    this.#pinned = this.#aligner.view.get().fit;
  }

  dispose(): void {
    this.#isOver = true;
    this.#anchor = null;
  }

  async #pin(frame: XRFrame, space: XRReferenceSpace, { position: p, rotation: q }: Pose): Promise<void> {
    try {
      const at = new XRRigidTransform({ x: p[0], y: p[1], z: p[2] }, { x: q[0], y: q[1], z: q[2], w: q[3] });
      const made = await frame.createAnchor!(at, space);
      if (!made || this.#isOver) return;
      this.#anchor?.delete();
      this.#anchor = made;
      this.#offset = IDENTITY_POSE;
      await this.#keep((await (made as Lasting).requestPersistentHandle?.()) ?? null);
    } catch (cause) {
      // No anchors here: the alignment holds as long as the device's own space does.
      console.info('The device keeps no anchor.', cause);
    } finally {
      this.#isPinning = false;
    }
  }

  async #keep(anchor: string | null): Promise<void> {
    const { fit, by, markers } = this.#aligner.view.get();
    // By eye it is worth nothing to the next who comes.
    if (!fit || anchor === null || by === null || by === 'manual') return;
    const kept: KeptAlignment = {
      version: 1,
      station: this.#station,
      source: by,
      isNudged: this.#aligner.isNudged,
      productInDevice: this.#offset,
      poseCovariance: [...fit.poseCovariance],
      markers: [...markers],
      residualPx: null,
      atMs: Date.now(),
      anchor,
    };
    const before = this.#stored()?.anchor;
    localStorage.setItem(this.#key, JSON.stringify(kept));
    if (before && before !== anchor)
      await (this.#session as Restoring).deletePersistentAnchor?.(before).catch(() => undefined); // it had forgotten it
  }

  #stored(): KeptAlignment | null {
    const text = localStorage.getItem(this.#key);
    const read = text === null ? null : KeptAlignment.safeParse(JSON.parse(text));
    return read?.success ? read.data : null;
  }

  async #restore(): Promise<void> {
    const kept = this.#stored();
    const restore = (this.#session as Restoring).restorePersistentAnchor?.bind(this.#session);
    if (!kept || !restore || kept.anchor === null || Date.now() - kept.atMs > KEPT_FOR_MS) return;
    const anchor = await restore(kept.anchor).catch(() => null);
    if (!anchor || this.#isOver || this.#anchor || this.#aligner.view.get().fit) return;
    this.#anchor = anchor;
    this.#offset = kept.productInDevice;
    this.#kept = kept;
  }
}

const isApart = (a: Pose, b: Pose): boolean =>
  [0, 1, 2].some((k) => Math.abs(a.position[k]! - b.position[k]!) > 1e-5) ||
  Math.abs(a.rotation.reduce((sum, value, k) => sum + value * b.rotation[k]!, 0)) < 1 - 1e-9;
