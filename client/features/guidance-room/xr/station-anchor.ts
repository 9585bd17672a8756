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
    if (this.#anchor && this.#pinned && fit === this.#pinned) {
      const now = poseOf(frame.getPose(this.#anchor.anchorSpace, deviceSpace));
      const product = now && composePose(now, this.#offset);
      if (product && isApart(product, fit!.productInDevice)) {
        this.#aligner.follow(product);
        this.#pinned = this.#aligner.view.get().fit;
      }
      return;
    }
    if (!fit || by === null || this.#isPinning || !frame.createAnchor) return;
    this.#isPinning = true;
    void this.#pin(frame, deviceSpace, fit.productInDevice);
    this.#pinned = fit;
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
    localStorage.setItem(this.#key, JSON.stringify(kept));
  }

  async #restore(): Promise<void> {
    const text = localStorage.getItem(this.#key);
    const read = text === null ? null : KeptAlignment.safeParse(JSON.parse(text));
    const restore = (this.#session as Restoring).restorePersistentAnchor?.bind(this.#session);
    if (!read?.success || !restore || read.data.anchor === null || Date.now() - read.data.atMs > KEPT_FOR_MS) return;
    const anchor = await restore(read.data.anchor).catch(() => null);
    if (!anchor || this.#isOver || this.#aligner.view.get().fit) return;
    this.#anchor = anchor;
    this.#offset = read.data.productInDevice;
    this.#aligner.adopt(read.data);
    this.#pinned = this.#aligner.view.get().fit;
  }
}

const isApart = (a: Pose, b: Pose): boolean =>
  [0, 1, 2].some((k) => Math.abs(a.position[k]! - b.position[k]!) > 1e-5) ||
  Math.abs(a.rotation.reduce((sum, value, k) => sum + value * b.rotation[k]!, 0)) < 1 - 1e-9;
