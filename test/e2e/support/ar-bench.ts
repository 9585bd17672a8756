import type { Page } from 'playwright-core';
import type { MarkerMap } from '#protocol/alignment/index';
import { Procedure } from '#protocol/procedures/index';
import { composePose, type Pose, type Vec3 } from '#protocol/spatial/index';
import type { JobOverlay } from '../../../client/features/guidance-room/scene/job-overlay.ts';
import { valve, valvePlan } from '../../support/jobs.ts';
import type { Look } from '../../support/pages.ts';
import { signIn, type Person } from '../../support/people.ts';
import { en, to } from '../../support/procedures.ts';

export const PHONE: Look = { viewport: { width: 390, height: 844 }, hasTouch: true, theme: 'dark' };
/** Where the part of the first step goes, in the product's frame. */
export const SEAT: Vec3 = [0.05, 0.06, 0.04];

/** Of how the gap is measured: half a second of two colours, 32 x 18 (WebM, VP8). */
export const FILM = 'How the gap is measured';
const FILM_BYTES = Buffer.from(
  [
    'GkXfo59ChoEBQveBAULygQRC84EIQoKEd2VibUKHgQRChYECGFOAZwEAAAAAAAIFEU2bdLlNu4tTq4QVSalmU6yBbk27i1OrhBZUrmtT',
    'rIGTTbuLU6uEH0O2dVOsgdRNu4xTq4QcU7trU6yCAfPsrgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAVSalmoCrXsYMPQkBEiYRDtCzuTYCGQ2hyb21lV0GGQ2hyb21lFlSua7yuuteBAXPFh14sz7iXHrGDgQFV7oEBhoVWX1ZQOOCdsIEg',
    'uoESU8CBAVWwkFWxgQFVuYECVbqBDVW7gQEfQ7Z1AQAAAAAAARPngQCg0qGngQAAAHACAJ0BKiAAEgAFBwiFhYiZhIgbggJ08sZh/gAA',
    '/u0GXdKodaGmpqTugQGlnzACAJ0BKiAAEgAKhwiFhYiZhIg4AgAHkPPJwP7rrgCgu6GbgQB4ANEBABQRAAAYAB5X9AwAD5gA/uvYPro8',
    'daGYppbugQGlkbEBACoRwAAYABhYL/QACHAA+4EAoLuhm4EA8ADRAQAUEPAAGAAeV/QMADUHAP7sJY6t4HWhmKaW7oEBpZGxAQAqEcAA',
    'GAAYWC/0AAhwAPuBeKDAoaCBAWgA0QEAFBC8ABgAHlf0DAAPmAD+7v97J3paD4r4AHWhmKaW7oEBpZGxAQAqEcAAGAAYWC/0AAhwAPuB',
    '8BxTu2uNu4uzgQC3hveBAfGB1A==',
  ].join(''),
  'base64',
);

/** A part that goes in by its code, a picture, a gap that a film shows, and a last look. */
function product(film: string): Procedure {
  const placed = {
    ...{ kind: 'placed', thing: 'bearing', frame: null, reference: { kind: 'room' } },
    target: { position: SEAT, rotation: [0, 0, 0, 1] },
    ...{ toleranceM: 0.02, toleranceRad: 0.2, symmetry: null },
  };
  const gap = { kind: 'number', variable: 'gap', range: { minimum: 0.1, maximum: 0.3, unit: 'mm' } };
  const shown = {
    ...{ kind: 'video', media: 'film', at: null },
    ...{ stage: 'enter', isBlocking: false, durationMs: 0, modes: null },
  };
  const made = valve((steps) =>
    steps
      .filter(({ id }) => ['insert', 'gap', 'inspect'].includes(String(id)))
      .map((step) => {
        const out = (next: string | null, condition: unknown) => [
          { id: 't0', interrupts: false, ...to(next, condition) },
        ];
        const words = {
          title: en(`Do: ${String(step['id'])}`),
          instruction: en('As the drawing shows, without force.'),
        };
        if (step['id'] === 'insert') return { ...step, ...words, transitions: out('gap', placed) };
        if (step['id'] === 'gap') return { ...step, ...words, behaviours: [shown], transitions: out('inspect', gap) };
        return { ...step, ...words, transitions: out(null, { kind: 'confirmed' }) };
      }),
  );
  // Named points of the product, by which it can be aligned without markers.
  const place = (id: string, position: Vec3) => ({
    ...{ id, name: en(id), radiusM: 0.05 },
    poseInRoom: { position, rotation: [0, 0, 0, 1] },
  });
  const feet = [
    place('left-foot', [-0.15, 0, 0.1]),
    place('right-foot', [0.15, 0, 0.1]),
    place('flange', [0, 0.12, -0.1]),
  ];
  return Procedure.parse({
    ...made,
    workplace: {
      ...made.workplace,
      places: [...made.workplace.places, ...feet],
      media: [{ id: 'film', kind: 'video', cid: film, description: en(FILM) }],
    },
  });
}

/** A works whose product is made by a gated plan (VALVE-40) and by one without gates (VALVE-41): what hands-free work is about is the step itself. */
export class ArBench {
  #orders = 0;

  private constructor(
    readonly ann: Person,
    private readonly project: string,
  ) {}

  static async open(hallUrl: string, markers: readonly MarkerMap[]): Promise<ArBench> {
    const ann = await signIn(hallUrl, 'Ann Lee');
    const { id: project } = await ann.ask<{ id: string }>('POST', '/api/projects', { title: 'Works', description: '' });
    const film = await fetch(`${hallUrl}/api/projects/${project}/procedures/media?kind=video`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.token}`, 'content-type': 'application/octet-stream' },
      body: FILM_BYTES,
    });
    const { cid } = (await film.json()) as { cid: string };
    const draft = await ann.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, {
      procedure: product(cid),
    });
    const { cid: release } = await ann.ask<{ cid: string }>('POST', `/api/procedures/${draft.id}/releases`, {
      version: 1,
    });
    const gates = [
      { id: 'aligned', step: 'insert', kind: 'alignment', withinM: 0.01 },
      { id: 'bearing-code', step: 'insert', kind: 'scan', thing: 'bearing' },
      { id: 'bearing-photo', step: 'gap', kind: 'photo', text: en('The seat'), compareWith: null },
    ];
    const save = (plan: object) => ann.ask('POST', `/api/projects/${project}/job-plans`, plan);
    await save(valvePlan({ release, gates, tools: [], markers }));
    await save(valvePlan({ release, gates: [], kit: [], tools: [], productType: 'VALVE-41' }));
    return new ArBench(ann, project);
  }

  /** A job's room, at a station of its own. */
  async job(productType = 'VALVE-40', name?: string): Promise<string> {
    this.#orders++;
    const { station } = await this.ann.ask<{ station: { id: string } }>(
      'POST',
      `/api/projects/${this.project}/stations`,
      { name: name ?? `Bench ${this.#orders}`, tools: [] },
    );
    const code = `WO;${4700 + this.#orders};${productType};SN-${this.#orders}`;
    const opened = await this.ann.ask<{ room: string }>('POST', `/api/projects/${this.project}/jobs`, {
      code,
      station: station.id,
    });
    return opened.room;
  }
}

interface Drawing {
  readonly __workhall: { readonly job: { readonly overlay: JobOverlay } };
}

/** How much of the picture of the glasses about a point of the product is drawn on, 0 to 1, in the next frame. */
export function shareDrawnAt(page: Page, pointInProduct: Vec3): Promise<number> {
  return page.evaluate(
    ([x, y, z]) =>
      new Promise<number>((resolve) => {
        const { scene, engine } = (window as unknown as Drawing).__workhall.job.overlay.stage;
        scene.onAfterRenderObservable.addOnce(() => {
          const camera = scene.activeCamera!.rigCameras[0] ?? scene.activeCamera!;
          const m = camera.getTransformationMatrix().m;
          const along = (row: number) => m[row]! * x + m[4 + row]! * y + m[8 + row]! * z + m[12 + row]!;
          const gl = engine._gl;
          const at = (row: number, size: number) => Math.round((0.5 + (0.5 * along(row)) / along(3)) * size);
          const [half, side] = [6, 13];
          const pixels = new Uint8Array(4 * side * side);
          const bound = gl.getParameter(gl.FRAMEBUFFER_BINDING) as WebGLFramebuffer | null;
          gl.bindFramebuffer(gl.FRAMEBUFFER, null);
          const [left, low] = [at(0, gl.drawingBufferWidth) - half, at(1, gl.drawingBufferHeight) - half];
          gl.readPixels(left, low, side, side, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
          gl.bindFramebuffer(gl.FRAMEBUFFER, bound);
          // Where nothing is drawn the real place shows: no cover at all.
          resolve(pixels.filter((cover, byte) => byte % 4 === 3 && cover > 8).length / (side * side));
        });
      }),
    pointInProduct,
  );
}

/** How far apart two poses bring the places of a product. */
export const apartM = (a: Pose, b: Pose): number =>
  Math.max(
    ...[
      [0, 0, 0],
      [0.2, 0.1, 0.2],
    ].map((position) => {
      const [p, q] = [a, b].map((pose) =>
        composePose(pose, { position: position as unknown as Vec3, rotation: [0, 0, 0, 1] }),
      );
      return Math.hypot(...p!.position.map((metres, axis) => metres - q!.position[axis]!));
    }),
  );
