import type { Mouse, Page } from 'playwright-core';
import { indexOf, type Leaf, type Procedure } from '#protocol/procedures/index';
import type { TrainingView } from '../../../client/features/training-room/scene/training-view.ts';
import type { Pages, Look } from '../../support/pages.ts';
import { until, type Person } from '../../support/people.ts';
import { Finger } from './finger.ts';

/** Software drawing on a busy machine takes its time. */
const PATIENCE_MS = 60_000;
/** Acts of which one step may ask for many. */
const REPEATED: ReadonlySet<Leaf['kind']> = new Set(['placed', 'toolUsed']);
type Kind = 'thing' | 'control';
interface Point {
  readonly x: number;
  readonly y: number;
}

/** The demo project of a hall with its sample procedures, and a training room with all of them. */
export async function openSchool(instructor: Person): Promise<{ project: string; room: string }> {
  let project = '';
  await until(
    'the samples are there',
    async () => {
      const { projects } = await instructor.ask<{ projects: { id: string; title: string }[] }>('GET', '/api/projects');
      project = projects.find(({ title }) => title === 'Planetary gearbox')?.id ?? '';
      return project !== '' && (await releases(instructor, project)).length === 4;
    },
    PATIENCE_MS,
  );
  const { room } = await instructor.ask<{ room: string }>('POST', `/api/projects/${project}/trainings`, {
    title: 'School',
    releases: await releases(instructor, project),
  });
  return { project, room };
}

async function releases(person: Person, project: string): Promise<string[]> {
  const path = `/api/projects/${project}/procedures`;
  const { procedures } = await person.ask<{ procedures: { releases: { cid: string }[] }[] }>('GET', path);
  return procedures.flatMap(({ releases: list }) => (list[0] ? [list[0].cid] : []));
}

/** Somebody in the training room of a browser: by mouse or finger in 3D, by keys in the document. */
export class Trainee {
  private constructor(
    readonly page: Page,
    private readonly pointer: Pick<Mouse, 'move' | 'down' | 'up' | 'click'>,
  ) {
    page.setDefaultTimeout(PATIENCE_MS);
  }

  static async enter(pages: Pages, person: Person, room: string, look: Look = {}): Promise<Trainee> {
    const page = await pages.open(person, `/room/${room}?test`, look);
    return new Trainee(page, look.hasTouch ? await Finger.on(page) : page.mouse);
  }

  async begin(procedure: string | RegExp, mode: 'Guided' | 'Practice' | 'Exam' = 'Guided'): Promise<void> {
    const { page } = this;
    await page.getByRole('radio', { name: mode }).check();
    await page.getByRole('button', { name: procedure }).click();
    await page.getByRole('complementary', { name: 'Run' }).waitFor();
  }

  /** The 3D view stands, and all that comes over the line has come. `procedure`: the run is another one now. */
  async seesWorkplace(procedure?: string): Promise<void> {
    await this.page.waitForFunction((id) => {
      const view = (window as unknown as { __workhall?: { training?: TrainingView } }).__workhall?.training;
      if (!view || (id && view.handling.run.procedure.id !== id)) return false;
      const { total, loaded } = view.loading.get();
      return total > 0 && loaded === total;
    }, procedure);
  }

  /** Goes half around by the mouse and has everything in the picture again. */
  async walkAround(): Promise<void> {
    const box = (await this.page.locator('canvas').boundingBox())!;
    const [x, y] = [box.x + 60, box.y + box.height * 0.3];
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + 420, y, { steps: 6 });
    await this.page.mouse.up();
    await this.page.locator('canvas').focus();
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('f');
    await this.page.waitForFunction(() => {
      const { training } = (window as unknown as { __workhall: { training: TrainingView } }).__workhall;
      return !training.camera.isMoving;
    });
  }

  /**
   * Everything of a step that is said, chosen and written, in the document view, by keys alone. `doAgain`: does what
   * the step asks for the second time of the same kind: another screw takes its time and shows nothing new.
   */
  async doByKeys(procedure: Procedure, step: string, doAgain?: (leaf: Leaf) => Promise<void>): Promise<void> {
    const { leaves } = indexOf(procedure).steps.get(step)!;
    const name = (list: 'things' | 'tools', id: string) =>
      procedure.workplace[list].find((one: { readonly id: string }) => one.id === id)!.name['en']!;
    const asked = leaves.filter(({ path }) => path.startsWith('0.')).map(({ leaf }) => leaf);
    const order = asked.find((leaf) => leaf.kind === 'mounted')?.things ?? [];
    const rank = (leaf: Leaf) => (leaf.kind === 'placed' ? order.indexOf(leaf.thing) : order.length);
    const done = new Set<string>();
    for (const leaf of asked.toSorted((a, b) => rank(a) - rank(b))) {
      if (doAgain && done.has(leaf.kind) && REPEATED.has(leaf.kind)) {
        await doAgain(leaf);
        continue;
      }
      done.add(leaf.kind);
      switch (leaf.kind) {
        case 'worn':
          for (const thing of leaf.things) await this.#press('checkbox', `Put on: ${name('things', thing)}`, 'Space');
          break;
        case 'checklist':
          for (const { text } of leaf.items) await this.#press('checkbox', text['en']!, 'Space');
          break;
        case 'placed':
          await this.#choose('Part', leaf.thing);
          await this.#press('button', 'Take it');
          await this.page
            .getByRole('status')
            .getByText(`In your hand: ${name('things', leaf.thing)}`)
            .waitFor();
          await this.#choose('Where to put it', leaf.reference.kind === 'room' ? 'bench' : leaf.reference.thing);
          await this.#press('button', 'Put it there');
          break;
        case 'toolUsed': {
          const now = this.page.getByRole('complementary', { name: 'Run' }).getByRole('heading', { level: 2 });
          const title = await now.innerText();
          if (leaf.result)
            await this.#setWrench(name('tools', leaf.tool), (leaf.result.minimum! + leaf.result.maximum!) / 2);
          await this.#choose('Tool', leaf.tool);
          await this.#choose('On what', leaf.thing);
          await this.#press('button', 'Use the tool');
          await until(
            `${leaf.thing} is tightened`,
            async () => {
              const line = this.page.getByRole('listitem').filter({
                hasText: `${name('things', leaf.thing)}: ${name('tools', leaf.tool)}`,
              });
              if ((await line.getByText('(done)').count()) > 0) return true;
              return (await now.innerText()) !== title;
            },
            PATIENCE_MS,
          );
          break;
        }
        case 'answered':
          if (leaf.answer.kind !== 'number') throw new Error('not asked here');
          await this.#write(leaf.question['en']!, String(leaf.answer.range.minimum));
          await this.#press('button', 'Answer');
          break;
        case 'approved':
          await this.#press('button', /^Approve as/);
          break;
        case 'mounted':
          break; // by putting things into their places
        default:
          throw new Error(`nobody told how to do ${leaf.kind}`);
      }
    }
  }

  async #setWrench(tool: string, to: number): Promise<void> {
    const form = this.page.getByRole('form', { name: `${tool}: setting` });
    const stands = await form.getByText(/stands at/).innerText();
    if (Math.abs(Number.parseFloat(stands.replace(/^\D+/, '')) - to) < 1) return;
    await form.getByRole('textbox').focus();
    await this.page.keyboard.type(String(to));
    await this.page.keyboard.press('Enter');
    await form.getByText(`stands at ${to} N·m`).waitFor();
  }

  /** Where a screen reader goes by role and name, and then a key. */
  async #press(role: 'button' | 'checkbox', name: string | RegExp, key = 'Enter'): Promise<void> {
    await this.page.getByRole(role, { name, exact: typeof name === 'string' }).focus();
    await this.page.keyboard.press(key);
  }

  async #write(label: string, text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: label }).focus();
    await this.page.keyboard.type(text);
  }

  /** Steps through a list with the arrow keys until the value is there. */
  async #choose(label: string, value: string): Promise<void> {
    const list = this.page.getByRole('combobox', { name: label, exact: true });
    await list.focus();
    const by = await list.evaluate((select, wanted) => {
      const { options, selectedIndex } = select as HTMLSelectElement;
      return [...options].findIndex((option) => option.value === wanted) - selectedIndex;
    }, value);
    for (let press = 0; press < Math.abs(by); press++) await this.page.keyboard.press(by > 0 ? 'ArrowDown' : 'ArrowUp');
    await until(`${label} is ${value}`, async () => (await list.inputValue()) === value);
  }

  async isAt(step: string): Promise<void> {
    await this.page.getByRole('heading', { level: 2, name: step, exact: true }).waitFor();
  }

  async tick(...names: (string | RegExp)[]): Promise<void> {
    // Clicked, not checked: with the last one the step is over and the box is gone.
    for (const name of names) await this.page.getByRole('checkbox', { name }).click();
  }

  async isTold(text: string | RegExp): Promise<void> {
    await this.page.getByRole('log').getByText(text).last().waitFor();
  }

  async click(kind: Kind, id: string): Promise<void> {
    const { x, y } = await this.#spotOf(kind, id);
    await this.pointer.click(x, y);
  }

  /** Drags a part to its first place and lets it go there. */
  async assemble(thing: string): Promise<void> {
    await this.lift(thing);
    const to = await this.#placeOf(thing);
    await this.pointer.move(to.x + 6, to.y + 4, { steps: 4 });
    await this.pointer.up();
  }

  /** Takes it and lifts it off a little; button or finger stays down. */
  async lift(thing: string): Promise<void> {
    const { x, y } = await this.#spotOf('thing', thing);
    await this.pointer.move(x, y);
    await this.pointer.down();
    await this.pointer.move(x - 24, y - 12, { steps: 3 });
  }

  /** Turns a wheel by so many turns of the pointer, as seen; clockwise counts positive. */
  async wind(control: string, turns: number): Promise<void> {
    const from = await this.#spotOf('control', control);
    const centre = await this.#in((view, id) => {
      const node = view.machine!.nodeOf('control', id)!;
      const seen = view.camera.project(view.machine!.poseInRoom(node).position)!;
      const box = view.stage.canvas.getBoundingClientRect();
      return { x: box.left + seen.xPx, y: box.top + seen.yPx };
    }, control);
    await this.pointer.move(from.x, from.y);
    await this.pointer.down();
    const start = Math.atan2(from.y - centre.y, from.x - centre.x);
    const steps = Math.ceil(Math.abs(turns) * 16);
    for (let step = 1; step <= steps; step++) {
      const angle = start + (2 * Math.PI * turns * step) / steps;
      await this.pointer.move(centre.x + 60 * Math.cos(angle), centre.y + 60 * Math.sin(angle));
    }
    await this.pointer.up();
  }

  /** Chooses a wheel and types how far it is to be opened. */
  async setTo(control: string, name: string, to: number): Promise<void> {
    await this.click('control', control);
    const form = this.page.getByRole('form', { name });
    await form.getByRole('textbox').fill(String(to));
    await form.getByRole('button', { name: /^Set/ }).click();
  }

  /** Goes through things and controls by the arrow keys until this one is chosen. */
  async chooseByKeys(name: string | RegExp): Promise<void> {
    await this.page.locator('canvas').focus();
    await this.page.keyboard.press('Escape');
    const hands = this.page.getByRole('group', { name: 'In your hands' });
    for (let presses = 0; presses < 60; presses++) {
      await this.page.keyboard.press('ArrowRight');
      if (await hands.getByText(name, { exact: true }).first().isVisible()) return;
    }
    throw new Error(`the keys do not come to ${String(name)}`);
  }

  /** Writes down a reading. */
  async enters(value: number): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Your reading' }).fill(value.toFixed(2));
    await this.page.getByRole('button', { name: 'Enter', exact: true }).click();
  }

  /** Opens and closes a valve until the run is content with what an instrument shows. */
  async regulates(
    control: string,
    name: string,
    sensor: string,
    [low, high]: readonly [number, number],
    from: number,
    step: string,
  ): Promise<void> {
    let opening = from;
    const now = this.page.getByRole('heading', { level: 2, name: step, exact: true });
    await until(
      `${sensor} between ${low} and ${high}`,
      async () => {
        const value = await this.reads(sensor);
        if (value < low || value > high) {
          opening += value < low ? 3 : -3;
          await this.setTo(control, name, opening);
        }
        // The plant answers within four seconds; when the run is content before that, nothing is left to wait for.
        await now.waitFor({ state: 'detached', timeout: 4000 }).catch(() => undefined);
        return !(await now.isVisible());
      },
      120_000,
    );
  }

  /** Presses what stands over the picture until no alarm is left that nobody has seen. */
  async acknowledgesAll(step: string): Promise<void> {
    await until(
      'no alarm is left',
      async () => {
        for (const button of await this.page.getByRole('button', { name: /^Acknowledge:/ }).all())
          await button.click({ timeout: 2000 }).catch(() => undefined);
        return !(await this.page.getByRole('heading', { level: 2, name: step, exact: true }).isVisible());
      },
      PATIENCE_MS,
    );
  }

  /** What an instrument of the machine shows here. */
  reads(sensor: string): Promise<number> {
    return this.#in((view, id) => {
      const { machines, row } = view.handling.run;
      return machines.pictures.get().get(row.id)?.value(id) ?? NaN;
    }, sensor);
  }

  /** A point of the page where this can be clicked: what stands before it counts. */
  #spotOf(kind: Kind, id: string): Promise<Point> {
    return sought(
      () =>
        this.#in(
          (view, [what, which]) => {
            const middle = view.pointOf({ kind: what, id: which });
            const seen = middle && view.camera.project(middle);
            if (!seen) return null;
            const box = view.stage.canvas.getBoundingClientRect();
            const free = (x: number, y: number) =>
              document.elementFromPoint(box.left + x, box.top + y) === view.stage.canvas;
            // Outwards in a spiral from its middle.
            for (let n = 0; n < 2500; n++) {
              const [r, turn] = [1.6 * Math.sqrt(n), n * 2.399963];
              const [x, y] = [seen.xPx + r * Math.cos(turn), seen.yPx + r * Math.sin(turn)];
              const hit = free(x, y) ? view.pick(view.camera.rayAt(x, y)) : null;
              if (hit?.kind === what && hit.id === which) return { x: box.left + x, y: box.top + y };
            }
            return null;
          },
          [kind, id] as const,
        ),
      `a free sight of ${id}`,
    );
  }

  #placeOf(thing: string): Promise<Point> {
    return this.#in((view, id) => {
      const { min, max } = view.handling.boxOf(id);
      const { position, rotation } = view.handling.seats(id)[0]!.poseInRoom;
      const m = [0, 1, 2].map((k) => (min[k]! + max[k]!) / 2) as [number, number, number];
      const [x, y, z, w] = rotation;
      const t = [2 * (y * m[2] - z * m[1]), 2 * (z * m[0] - x * m[2]), 2 * (x * m[1] - y * m[0])] as const;
      const point = [
        position[0] + m[0] + w * t[0] + y * t[2] - z * t[1],
        position[1] + m[1] + w * t[1] + z * t[0] - x * t[2],
        position[2] + m[2] + w * t[2] + x * t[1] - y * t[0],
      ] as [number, number, number];
      const seen = view.camera.project(point)!;
      const box = view.stage.canvas.getBoundingClientRect();
      return { x: box.left + seen.xPx, y: box.top + seen.yPx };
    }, thing);
  }

  #in<T, A>(look: (view: TrainingView, argument: A) => T, argument: A): Promise<T> {
    const body = `(([argument]) => (${look.toString()})(window.__workhall.training, argument))`;
    return this.page.evaluate(`${body}([${JSON.stringify(argument)}])`);
  }
}

async function sought<T>(find: () => Promise<T | null>, what: string): Promise<T> {
  let found: T | null = null;
  await until(what, async () => (found = await find()) !== null, 15_000);
  return found!;
}
