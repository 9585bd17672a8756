import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { GuidanceSession } from '#net/index';
import { connectGuidance } from '#net/guidance';
import { jobOf, jobState, rowsOf, type GuidanceOpType } from '#protocol/guidance/index';
import { composePose, type Pose } from '#protocol/spatial/index';
import type { JobPage } from '../../../client/features/guidance-room/job-context.tsx';
import type { RenderedStation } from '../../../client/features/workstation/rendered-station.ts';
import { nextMoves, type Move } from '../../support/knowing-hand.ts';
import type { Look, Pages } from '../../support/pages.ts';
import { until, type Person } from '../../support/people.ts';

/** Software drawing on a busy machine takes its time. */
const PATIENCE_MS = 90_000;
/** One pixel: evidence that nobody looks at here. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

interface Handles {
  readonly __workhall: { readonly job: { readonly page: JobPage }; readonly station: RenderedStation };
}

/** Somebody at a rendered work station: by camera, pedal and buttons on the page, and through a second device for what is routine. */
export class RenderedJob {
  private constructor(
    readonly page: Page,
    readonly room: string,
    private readonly person: Person,
    private readonly hallUrl: string,
    /** The same person's other device: what the hall has is what it sees. */
    readonly journal: GuidanceSession,
  ) {}

  /** Holds the order's card before the camera, and opens the job that it names; without a station, at the first that is free. */
  static async start(
    pages: Pages,
    hallUrl: string,
    person: Person,
    project: string,
    { productType = 'GEARBOX-P5', station = '', look = {} as Look } = {},
  ): Promise<RenderedJob> {
    const at = station && `&station=${station}`;
    const page = await pages.open(person, `/jobs/start?project=${project}${at}&camera=rendered&test`, {
      permissions: ['microphone'],
      ...look,
    });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.getByText(new RegExp(productType)).first().waitFor();
    await page.getByRole('button', { name: /^(Open the job|打开作业|打开工单|打开任务)$/ }).click();
    await page.waitForURL(/\/room\//);
    const room = new URL(page.url()).pathname.split('/').at(-1)!;
    const journal = await connectGuidance({ hallUrl, token: person.token, room, device: 'bot' });
    await page.waitForFunction(() => {
      const { __workhall: test } = window as unknown as Partial<Handles>;
      return test?.job && test.station;
    });
    return new RenderedJob(page, room, person, hallUrl, journal);
  }

  /** As the hall has them. */
  rows<T extends Parameters<typeof rowsOf>[1]>(name: T): ReturnType<typeof rowsOf<T>> {
    return rowsOf<T>(this.journal.document.get(), name);
  }

  hallIsAt(step: string): Promise<void> {
    return until(`the hall is at ${step}`, () => this.rows('visits').at(-1)?.step === step, PATIENCE_MS);
  }

  /** "Next", by a pedal. */
  press(): Promise<void> {
    return this.page.locator('body').press('PageDown');
  }

  /** Until the camera's own picture is from there: drawn in software it takes its time. */
  async look(view: string): Promise<void> {
    await this.page.evaluate((name) => (window as unknown as Handles).__workhall.station.look(name), view);
    await this.page.waitForFunction(() => {
      const { stage } = (window as unknown as Handles).__workhall.station;
      return !stage.isDirty && !stage.isDrawing;
    });
  }

  /** On the page, which may know more than the hall. */
  async isAt(step: string): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => (window as unknown as Handles).__workhall.job.page.steps.at(-1)?.active.step === wanted,
      step,
    );
  }

  /** Aligned by the printed markers; how far off it says it may be, and how far off it is, metres. */
  async isAligned(): Promise<{ statedM: number; offM: number }> {
    await this.page.waitForFunction(() => {
      const { by, isFresh, expectedM } = (window as unknown as Handles).__workhall.job.page.aligner.view.get();
      return by === 'markers' && isFresh && (expectedM ?? 1) < 0.01;
    });
    const { found, camera, statedM } = await this.page.evaluate(() => {
      const { job, station } = (window as unknown as Handles).__workhall;
      const { fit, expectedM } = job.page.aligner.view.get();
      return { found: fit!.productInDevice, camera: station.cameraInProduct, statedM: expectedM! };
    });
    const { position } = composePose(camera as Pose, found as Pose);
    return { statedM, offM: Math.hypot(...position) };
  }

  /** Reads a part's card by the camera: the panel of the codes opens at the pedal. */
  async scans(thing: string): Promise<void> {
    await this.look(`card:${thing}`);
    const before = this.rows('scans').length;
    await this.press();
    await until(`${thing} is read`, () => this.rows('scans').length > before, PATIENCE_MS);
    await this.look('product');
  }

  /** The panel of the station on the page. */
  async orders(mistake: 'The next torque is wrong' | 'A wrong part lies in the kit', isOn = true): Promise<void> {
    const box = this.page.getByRole('checkbox', { name: mistake });
    if (!(await box.isVisible())) await this.page.getByText('Rendered work station').click();
    const before = await this.#cards();
    await box.setChecked(isOn);
    if (mistake === 'A wrong part lies in the kit')
      await until('other cards lie there', async () => (await this.#cards()).every((card) => !before.includes(card)));
  }

  /** Kit cards that carry their code alone. */
  cardsWithoutName(): Promise<string[]> {
    return this.page.evaluate(() => {
      const drawn = (window as unknown as Handles).__workhall.station.stage.scene.meshes.map(({ name }) => name);
      return drawn.filter((name) => name.startsWith('card:') && !drawn.includes(`name of ${name}`));
    });
  }

  #cards(): Promise<number[]> {
    return this.page.evaluate(() =>
      (window as unknown as Handles).__workhall.station.stage.scene.meshes
        .filter(({ name }) => name.startsWith('card:'))
        .map(({ uniqueId }) => uniqueId),
    );
  }

  /** Held by a deviation, which is decided here and now: done again. */
  async decidesRework(kind: RegExp, reason: string): Promise<void> {
    const held = this.page.getByRole('alert').filter({ hasText: kind });
    await held.getByText('You decide how it goes on.').waitFor();
    await this.page.getByRole('button', { name: 'Rework' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Rework' });
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
    await dialog.getByRole('button', { name: 'Decide' }).click();
    await held.waitFor({ state: 'detached' });
  }

  /** Does what is routine until this step, or the end. */
  async worksUntil(step: string | null): Promise<void> {
    const endMs = performance.now() + 2 * PATIENCE_MS;
    while (performance.now() < endMs) {
      const document = this.journal.document.get();
      const state = jobState(document, jobOf(document)!);
      if (state?.status !== 'running' || state.active.at(-1)?.step === step) return;
      const moves = nextMoves(document, this.journal.me.user, Date.now());
      if (moves.length === 0) await sleep(100);
      for (const move of moves) await this.#does(move);
    }
    throw new Error(`Nobody got to ${step ?? 'the end'}.`);
  }

  async #does(move: Move): Promise<void> {
    if (move.kind === 'op') return this.#submit(move.type, move.payload);
    if (move.kind === 'tool') {
      const before = this.rows('results').length;
      await this.person.ask('POST', `/api/jobs/${this.room}/simulated-tool`, { tool: move.tool, how: 'right' });
      return until('the tool has told', () => this.rows('results').length > before);
    }
    if (move.kind === 'photo') {
      const response = await fetch(`${this.hallUrl}/api/jobs/${this.room}/evidence?kind=picture`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.person.token}`, 'content-type': 'image/png' },
        body: PICTURE,
      });
      const { cid } = (await response.json()) as { cid: string };
      return this.#submit('photo.add', { gate: move.gate, cid, kind: 'picture' });
    }
    // The overlay, or somebody else, has to come first.
    await sleep(100);
  }

  async #submit(type: GuidanceOpType, payload: object): Promise<void> {
    const sent = this.journal.submitJob(type, payload as never);
    // Done by the one before: a list that is ticked ends its step.
    if ('problem' in sent) return void (await sleep(50));
    await this.journal.confirmed(sent.id);
  }
}
