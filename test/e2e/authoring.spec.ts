import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Procedure } from '#protocol/procedures/index';
import { LOOKS } from '../support/looks.ts';
import { expectReadable, Pages } from '../support/pages.ts';
import { openProject, signIn, solid, until, type Person } from '../support/people.ts';
import { startHall, type Hall } from '../support/server.ts';
import { GEARBOX } from '../support/training.ts';

/** Authors and reviewers of procedures, in a browser, on the real server. */

let hall: Hall;
let pages: Pages;
let ada: Person;
let bo: Person;
let vic: Person;

beforeAll(async () => {
  hall = await startHall();
  pages = await Pages.launch(hall.url);
  ada = await signIn(hall.url, 'Ada Meier');
  bo = await signIn(hall.url, 'Bo Lindqvist');
  vic = await signIn(hall.url, 'Vic Visitor');
});
afterEach(() => pages.closeAll());
afterAll(async () => {
  await pages?.close();
  await hall?.stop();
});

/** A procedure of Ada's in a project where Bo reviews. */
async function aProcedure(procedure: Procedure = GEARBOX): Promise<{ project: string; id: string; path: string }> {
  const { project } = await openProject(ada, [bo], 'reviewer');
  const { id } = await ada.ask<{ id: string }>('POST', `/api/projects/${project}/procedures`, { procedure });
  return { project, id, path: `/project/${project}/procedures/${id}` };
}

const nameIn = (text: Readonly<Record<string, string>>): string => text['en']!;
async function choose(page: Page, field: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: field, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

const stored = (id: string) => ada.ask<{ version: number; procedure: Procedure }>('GET', `/api/procedures/${id}`);

describe('an author', () => {
  it('begins from blank, adds a step with a condition, and finds all of it again after a reload', async () => {
    const { project } = await openProject(ada);
    const page = await pages.open(ada, `/project/${project}`);
    await page.getByText('No procedures yet').waitFor();
    await pages.picture(page, 'authoring-empty');
    await page.getByRole('button', { name: 'Start blank' }).click();
    await page.waitForURL('**/procedures/**');
    await page.getByLabel('Title of the procedure').fill('Change the filter');
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Close the valve');
    await page.getByRole('button', { name: 'Add a step' }).click();
    await page.getByRole('heading', { name: '2 · New step' }).waitFor();
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Wait for the pressure');
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByPlaceholder('Search').fill('instr');
    await page.getByRole('menuitem', { name: 'Instrument shows a value' }).click();
    await page.getByRole('button', { name: 'A new instrument' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Pressure gauge');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: /^Pressure gauge shows between/ }).waitFor();
    // Which answer is right is said with its words, to those who do not see the field beside it as well.
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByPlaceholder('Search').fill('question');
    await page.getByRole('menuitem', { name: 'Question is answered' }).click();
    await page.getByRole('textbox', { name: 'Question', exact: true }).fill('What may it show?');
    await page.getByRole('radio', { name: 'Answer 1 is right', exact: true, checked: true }).press('ArrowDown');
    await page.getByRole('radio', { name: 'Answer 2 is right', exact: true, checked: true }).waitFor();
    await page.getByRole('textbox', { name: 'Answer 2', exact: true }).fill('At most 4 bar');
    await page.getByRole('radio', { name: 'Answer 2 is right: At most 4 bar', exact: true, checked: true }).waitFor();
    await page.getByText('Everything is saved').waitFor();
    await page.reload();
    await page.getByRole('button', { name: /Close the valve/ }).waitFor();
    await page.getByRole('button', { name: /Wait for the pressure/ }).click();
    await page.getByRole('button', { name: /^Pressure gauge shows between/ }).waitFor();
    await page.getByRole('button', { name: 'Answered: What may it show?', exact: true }).click();
    await page.getByRole('radio', { name: 'Answer 1 is right', exact: true, checked: false }).waitFor();
    await page.getByRole('radio', { name: 'Answer 2 is right: At most 4 bar', exact: true, checked: true }).waitFor();
  });

  it('gets a first procedure from the assembly, one step for each part', async () => {
    const { project, room } = await openProject(ada);
    const session = await ada.enter(room);
    const at = (y: number) => ({
      position: [0, y, 0] as [number, number, number],
      rotation: [0, 0, 0, 1] as [number, number, number, number],
    });
    const sent = session.submit('parts.add', {
      parts: [solid('base'), solid('cover', 'box', { poseInParent: at(1), order: 'a1' })],
    });
    if ('problem' in sent) throw new Error(sent.problem.message);
    await session.confirmed(sent.id);
    await session.leave();
    const page = await pages.open(ada, `/project/${project}`);
    await page.getByRole('button', { name: 'From the assembly' }).click();
    await page.waitForURL('**/procedures/**');
    const list = page.getByRole('navigation', { name: 'Steps of the procedure' });
    await list.getByRole('button', { name: /2 cover|2 base/ }).waitFor();
    await list.getByRole('button', { name: /cover/ }).click();
    const said = page.getByRole('button', { name: /is in its place/ });
    await said.first().waitFor();

    // A place that nobody has said is found where the design knows better; taken from there, it is said.
    const unsaid = page.getByText('Where it belongs was never said.');
    const takes = page.getByRole('button', { name: 'Take from the design' });
    const part = page.getByRole('combobox', { name: 'Part', exact: true });
    await page
      .getByRole('button', { name: /^Remove: .* is in its place/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByRole('menuitem', { name: 'Part is in its place' }).click();
    // What is typed takes the place of the part that stands there.
    await part.click();
    await page.keyboard.type('cov');
    await page.getByRole('option', { name: 'cover', exact: true }).click();
    await unsaid.waitFor();
    expect(await page.getByRole('textbox', { name: 'Angle', exact: true }).inputValue()).toBe('5 °');
    await pages.picture(page, 'authoring-place-unsaid');
    await takes.click();
    await unsaid.waitFor({ state: 'detached' });
    // The other part is the author's to choose.
    await page.getByText('On another part').click();
    const other = page.getByRole('combobox', { name: 'On', exact: true });
    expect(await other.inputValue()).toBe('');
    await page.getByText('This refers to something that is not there.').waitFor();
    expect(await page.getByText('From here the run cannot come to an end.').count()).toBe(0);
    await other.click();
    expect(await page.getByRole('option').allInnerTexts()).toEqual(['base']);
    await pages.picture(page, 'authoring-other-part');
    await page.getByRole('option', { name: 'base' }).click();
    await takes.click();
    await page.getByText('The check finds nothing wrong.').waitFor();
  });

  it('moves a step by keyboard, takes it back, and nothing else has changed', async () => {
    const { id, path } = await aProcedure();
    const page = await pages.open(ada, path);
    const list = page.getByRole('navigation', { name: 'Steps of the procedure' });
    const first = list.locator('[data-step]').first();
    const before = (await stored(id)).procedure;
    await first.focus();
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByText(/Moved to place 2/).waitFor();
    await until('the move is stored', async () => (await stored(id)).version === 2);
    const moved = (await stored(id)).procedure;
    expect(moved.chapters[0]!.steps[1]!.id).toBe(before.chapters[0]!.steps[0]!.id);
    expect(moved.chapters[0]!.first).toBe(before.chapters[0]!.steps[1]!.id);
    await page.keyboard.press('Control+z');
    await until('the undo is stored', async () => (await stored(id)).version === 3);
    expect((await stored(id)).procedure).toEqual(before);
  });

  it('draws a way from step to step in the graph, takes it back, and takes one away by key and from the list', async () => {
    const { id, path } = await aProcedure();
    const page = await pages.open(ada, path);
    const ways = async () => (await stored(id)).procedure.chapters[1]!.steps[0]!.transitions.map(({ to }) => to);
    const [first, second, third] = GEARBOX.chapters[1]!.steps.map((step) => step.id);
    await page.locator(`[data-step="${first}"]`).click();
    await page.getByRole('tab', { name: 'Graph' }).click();
    const dot = async (step: string, side: 'top' | 'bottom') => {
      const at = await page.locator(`.react-flow__node[data-id="${step}"] .react-flow__handle-${side}`).boundingBox();
      return [at!.x + at!.width / 2, at!.y + at!.height / 2] as const;
    };
    await page.locator('.react-flow__edge').first().waitFor({ state: 'attached' });
    await page.mouse.move(...(await dot(first!, 'bottom')));
    await page.mouse.down();
    await page.mouse.move(...(await dot(third!, 'top')), { steps: 6 });
    await page.mouse.up();
    await until('the way is stored', async () => (await ways()).length === 2);
    expect(await ways()).toEqual([second, third]);
    const list = page.getByRole('region', { name: /^From 3 · / });
    await list.getByText(/^5 · /).waitFor();
    await pages.picture(page, 'authoring-graph-ways');
    await page.keyboard.press('Control+z');
    await until('it is taken back', async () => (await ways()).length === 1);

    // The same without a pointer.
    await list.getByRole('combobox', { name: 'Lead to another step as well' }).press('Enter');
    await page.getByRole('option', { name: /^5 · / }).waitFor();
    await page.keyboard.type('5 ·');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until('it is stored again', async () => (await ways())[1] === third);
    await page.getByLabel(/^From 3 · .* to 4 · /).focus();
    await page.keyboard.press('Delete');
    await page.getByText(/^The way from 3 · .* to 4 · .* is deleted\.$/).waitFor();
    await until('the first way is gone', async () => (await ways()).join() === third);
    // The only one leads on to the end of the chapter instead.
    await list.getByRole('button', { name: /^Delete the way to 5 · / }).click();
    await until('it leads to the end', async () => (await ways())[0] === null);
  });

  it('shapes what is not a plain step: two branches at the same time, attempts, symmetry, a safety rule, what errors cost', async () => {
    const { id, path } = await aProcedure();
    const { rubric, workplace } = (await stored(id)).procedure;
    const page = await pages.open(ada, path);
    await page.getByRole('button', { name: 'Add a step' }).first().click();
    await page.getByRole('button', { name: 'More about this step' }).click();
    await page.getByRole('checkbox', { name: 'Limit the attempts' }).check();
    await choose(page, 'After that', 'the run has failed');
    await choose(page, 'What this step is', 'Several at the same time');
    await page.getByRole('button', { name: 'Another branch' }).click();
    await choose(page, 'Done when', '2 branches are done');
    await pages.picture(page, 'authoring-branches');
    await page.getByRole('group', { name: 'Branch 3' }).getByRole('button', { name: 'Go to its steps' }).click();
    await page.getByRole('group', { name: 'Branch 3' }).waitFor({ state: 'detached' });
    await page.getByRole('textbox', { name: 'Title · English', exact: true }).fill('Inside the third branch');

    await page.getByRole('tab', { name: 'Workplace' }).click();
    await page.getByRole('button', { name: nameIn(workplace.things[0]!.name), exact: true }).click();
    await choose(page, 'How it may be turned', 'Some angles about an axis');
    await page.getByRole('button', { name: 'Add a place on it' }).click();
    await pages.picture(page, 'authoring-workplace');
    await page.getByRole('button', { name: `Remove: ${nameIn(workplace.things[0]!.name)}`, exact: true }).click();
    await page.getByText(/Take it out of these first/).waitFor();

    await page.getByRole('tab', { name: 'Safety and rating' }).click();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const rule = page.getByRole('group', { name: /^Rule/ }).last();
    await rule.getByRole('textbox', { name: /^Rule/ }).first().fill('Keep your hands off the gears');
    await rule.getByRole('checkbox', { name: /fails the run/ }).check();
    await page
      .getByRole('row', { name: /wrong part/ })
      .getByLabel('Points each')
      .fill('77');
    await pages.picture(page, 'authoring-judging');

    await until('all of it is stored', async () => {
      const { procedure } = await stored(id);
      return (
        procedure.rubric.errors.wrong_part.points === 77 && procedure.rubric.mustNot.length > rubric.mustNot.length
      );
    });
    const { procedure } = await stored(id);
    const made = [...procedure.chapters].flatMap(({ steps }) => steps).find(({ body }) => body.kind === 'parallel')!;
    expect(made).toMatchObject({ retry: { attempts: 3, afterwards: { kind: 'fail' } }, body: { needed: 2 } });
    expect(procedure.subchapters.at(-1)!.steps[0]!.title['en']).toBe('Inside the third branch');
    expect(procedure.workplace.things[0]).toMatchObject({ symmetry: { kind: 'rotational' } });
    expect(procedure.safety.at(-1)!.text['en']).toBe('Keep your hands off the gears');
  });

  it('loses nothing to a broken line, and to somebody else who saved meanwhile', async () => {
    const { id, path } = await aProcedure();
    const page = await pages.open(ada, path);
    await page.route('**/api/procedures/*', (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.continue(),
    );
    await page.getByLabel('Title of the procedure').fill('Written on the train');
    await page.getByText('Kept on this device').waitFor();
    await page.reload();
    expect(await page.getByLabel('Title of the procedure').inputValue()).toBe('Written on the train');
    const { version, procedure } = await stored(id);
    const theirs = { ...procedure, title: { ...procedure.title, en: 'Written in the hall' } };
    await ada.ask('PUT', `/api/procedures/${id}`, { version, procedure: theirs });
    await page.unroute('**/api/procedures/*');
    await page.getByText('Somebody else has saved this procedure meanwhile').waitFor();
    await pages.picture(page, 'authoring-conflict');
    expect((await stored(id)).procedure.title['en']).toBe('Written in the hall');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await until('mine is stored', async () => (await stored(id)).procedure.title['en'] === 'Written on the train');
  });
});

describe('from draft to release', () => {
  it('a planted problem is found and mended, a second person sends it back, then approves, and it is released signed', async () => {
    const broken = structuredClone(GEARBOX);
    const step = broken.chapters
      .flatMap((chapter) => chapter.steps)
      .find((one) => one.transitions.some(({ conditions }) => conditions.some(({ kind }) => kind === 'placed')))!;
    for (const way of step.transitions)
      for (const condition of way.conditions) if (condition.kind === 'placed') condition.toleranceM = 0;
    const { id, path, project } = await aProcedure(broken);
    await ada.ask('PUT', `/api/projects/${project}/training-rules`, { secondPerson: true, recordingDays: 30 });
    const author = await pages.open(ada, path);
    await author.getByText('No placement can be within this tolerance.').waitFor();
    await pages.picture(author, 'authoring-problem');
    await author.getByRole('button', { name: 'Go there' }).first().click();
    await author.getByRole('tab', { name: 'Versions' }).click();
    expect(await author.getByRole('button', { name: 'Ask for a review' }).isDisabled()).toBe(true);
    await author.getByRole('tab', { name: 'Steps' }).click();
    await author.getByRole('button', { name: 'Mend it' }).first().click();
    await author.getByText('The check finds nothing wrong.').waitFor();
    await author.getByText('Everything is saved').waitFor();
    await author.getByRole('tab', { name: 'Versions' }).click();
    await author.getByLabel('What should the reviewer look at?').fill('The tolerance of the seat.');
    await author.getByRole('combobox', { name: 'Who should review it?' }).click();
    await author.getByRole('option', { name: /^Bo Lindqvist/ }).click();
    await author.keyboard.press('Escape');
    await pages.picture(author, 'authoring-ask-whom');
    await author.getByRole('button', { name: 'Ask for a review' }).click();
    await author.getByText('In review').waitFor();

    await author.getByText('Bo Lindqvist: has not answered yet').waitFor();

    // From the hall straight to what is to be judged.
    const reviewer = await pages.open(bo, '/');
    const waiting = reviewer.getByRole('region', { name: 'Reviews' });
    await waiting.getByText('Waiting for your review:').waitFor();
    await pages.picture(reviewer, 'hall-review-wanted');
    await waiting.getByRole('link', { name: /Assemble the planetary gearbox/ }).click();
    await reviewer.getByText('The tolerance of the seat.').first().waitFor();
    await reviewer.getByLabel('Your words on this version').fill('Say which grease.');
    await pages.picture(reviewer, 'authoring-review');
    await reviewer.getByRole('button', { name: 'Send back' }).click();
    await reviewer.getByText('Sent back', { exact: true }).waitFor();

    await author.reload();
    await author.getByText('Say which grease.').first().waitFor();
    await author.getByText(/Bo Lindqvist sent version \d+ back/).waitFor();
    await author.getByRole('tab', { name: 'Steps' }).click();
    await author.getByLabel('What to do · English').fill('Grease the seat with lithium grease.');
    await author.getByText('Everything is saved').waitFor();
    await author.getByRole('tab', { name: 'Versions' }).click();
    await author.getByRole('button', { name: 'Ask for a review' }).click();
    await author.getByText('In review').waitFor();

    await reviewer.reload();
    await reviewer.getByRole('button', { name: 'Approve and release' }).click();
    await reviewer.getByText('Release 1', { exact: true }).waitFor();
    await pages.picture(reviewer, 'authoring-released');
    const { releases } = await ada.ask<{ releases: { signedBy: string | null; reviewer: { name: string } }[] }>(
      'GET',
      `/api/procedures/${id}`,
    );
    expect(releases).toMatchObject([{ reviewer: { name: 'Bo Lindqvist' } }]);
    expect(releases[0]!.signedBy).toMatch(/^0x/);

    // What is released is there to be trained with.
    await author.reload();
    await author.getByRole('link', { name: 'Open a training room with it' }).click();
    const rooms = author.getByRole('region', { name: 'Training', exact: true });
    await rooms.getByRole('button', { name: 'Open a training room' }).waitFor();
    await until('the page stands there', () => author.evaluate(() => scrollY > 0));
    await author.goBack();
    await author.getByText('Released · 1').waitFor();

    // The next version is told in words.
    const { version, procedure } = await stored(id);
    const next = structuredClone(procedure);
    for (const one of next.chapters.flatMap((chapter) => chapter.steps))
      for (const condition of one.transitions.flatMap(({ conditions }) => conditions))
        if (condition.kind === 'placed') condition.toleranceM *= 2;
    await ada.ask('PUT', `/api/procedures/${id}`, { version, procedure: next });
    await author.reload();
    await author
      .getByText(/· .*: tolerance 5 mm → 10 mm/)
      .first()
      .waitFor();
    await pages.picture(author, 'authoring-diff');
  });

  it('who may not write or release reads, tries it, and is told who may', async () => {
    const { project, path } = await aProcedure();
    const { token } = await ada.ask<{ token: string }>('POST', `/api/projects/${project}/invitations`, {
      role: 'trainee',
    });
    await vic.ask('POST', `/api/invitations/${token}/accept`);
    const page = await pages.open(vic, path);
    await page.getByText('Instructors, designers and owners write.').waitFor();
    expect(await page.getByRole('button', { name: 'Add a step' }).count()).toBe(0);
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByText(/owners release\. You are Trainee/).waitFor();
    await page.getByRole('tab', { name: 'Try it' }).click();
    await page.getByRole('button', { name: /^Worn:/ }).click();
    await page.getByText(/is done: Worn:/).waitFor();
  });
});

describe('the pages of authoring', () => {
  it.each(LOOKS)('are readable: %s', async (name, look) => {
    const { project, path } = await aProcedure();
    const file = (view: string) => `authoring ${view} ${name}`.replaceAll(/[ ,%]+/g, '-');
    for (const view of ['steps', 'preview', 'versions', 'languages']) {
      const page = await pages.open(ada, `${path}?view=${view}`, look);
      await page.waitForLoadState('networkidle');
      await pages.picture(page, file(view));
      await expectReadable(page);
      if (view === 'steps') {
        await page.locator('[aria-expanded=false]').filter({ hasText: /./ }).nth(0).click();
        // Beside the step, or on a phone one of its four views.
        const ofPhone = page.getByRole('radiogroup').getByText(/^(Graph|流程图)$/);
        if (await ofPhone.isVisible()) await ofPhone.click();
        else await page.getByRole('tab', { name: /^(Graph|流程图)$/ }).click();
        await page.locator('.react-flow__node').first().waitFor();
        await pages.picture(page, file('graph'));
        await expectReadable(page);
      }
      await page.close();
    }
    const page = await pages.open(ada, `/project/${project}`, look);
    await page.getByRole('link', { name: /Assemble the planetary gearbox|装配行星减速器/ }).waitFor();
    await page.waitForLoadState('networkidle');
    await pages.picture(page, file('project'));
    await expectReadable(page);
  });

  it('are shown which translations are older than what was written, and by the check; one word settles each', async () => {
    const { path } = await aProcedure();
    const author = await pages.open(ada, path);
    await author.getByLabel('What to do · English').fill('Grease the seat with lithium grease.');
    const problem = author.getByText('The text has changed since it was translated.');
    await problem.waitFor();
    await pages.picture(author, 'authoring-outdated-check');
    await author.getByRole('tab', { name: 'Languages' }).click();
    await author.getByText('1 text is older than its original').waitFor();
    await author.getByText('The English text has changed since.').waitFor();
    await author.getByLabel('Only what is missing or older than its original').check();
    await pages.picture(author, 'authoring-outdated');
    await expectReadable(author);
    await author.getByRole('button', { name: 'It is still right' }).click();
    await author.getByText('1 text is older than its original').waitFor({ state: 'detached' });
    await author.getByText('Everything is saved').waitFor();
    await author.getByRole('tab', { name: 'Steps' }).click();
    await author.getByText('The check finds nothing wrong.').waitFor();
  });

  it('lead from each problem to the field in which it is mended', async () => {
    const rule = {
      id: 'r',
      text: { en: '', zh: '' },
      act: { kind: 'grab', thing: 'nothing' },
      steps: null,
      unless: null,
    };
    const broken = structuredClone({ ...GEARBOX, safety: [rule] }) as unknown as Procedure;
    Object.assign(broken.rubric, { passMark: broken.rubric.full + 1, mustNot: [] });
    const things = broken.workplace.things;
    things.push(structuredClone(things[0]!));
    things[1]!.name['zh'] = '';
    const { path } = await aProcedure(broken);
    const page = await pages.open(ada, path);
    const there = async (words: string) => {
      await page.getByRole('tab', { name: 'Steps' }).click();
      const problem = page
        .getByRole('region', { name: 'Problems' })
        .locator('[data-severity]')
        .filter({ hasText: words });
      await problem.getByRole('button', { name: 'Go there' }).first().click();
    };
    const focused = (place: string) => page.locator(`[data-at="${place}"] :focus`).waitFor();
    await there('The pass mark is above full points.');
    await focused('points');
    await there('This refers to something that is not there.');
    await focused('r');
    await there('Two have the same id.');
    await focused(`things/${things[0]!.id}`);
    await pages.picture(page, 'authoring-problem-workplace');
    await there('2 texts are not translated into Chinese.');
    await page.locator('[data-at$=":zh"] :focus').waitFor();
    expect(await page.evaluate(() => (document.activeElement as HTMLTextAreaElement).value)).toBe('');
  });
});
