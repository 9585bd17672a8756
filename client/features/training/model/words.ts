import { indexOf, textIn, type ErrorKind, type Finding, type Procedure, type Text } from '#protocol/procedures/index';
import type { ScoreLine } from '#protocol/procedures/index';
import type { TrainingWords } from '../strings.ts';

/** Says what happened in runs with the names that the procedure gives to things. */
export class RunWords {
  constructor(
    readonly procedure: Procedure,
    readonly language: string,
    readonly t: TrainingWords,
  ) {}

  text = (text: Text | undefined): string =>
    text ? textIn(text, this.language, this.procedure.languages[0] ?? 'en') : '';

  step = (id: string | null): string =>
    id === null ? '' : this.text(indexOf(this.procedure).steps.get(id)?.step.title) || id;
  chapterOf = (step: string): string => this.text(indexOf(this.procedure).steps.get(step)?.chapter.title);
  role = (id: string): string => this.text(this.procedure.workplace.roles.find((role) => role.id === id)?.name) || id;
  fault = (id: string): string => this.text(this.procedure.workplace.faults.find((one) => one.id === id)?.name) || id;
  thing = (id: string): string => this.text(indexOf(this.procedure).things.get(id)?.name) || id;

  /** "Wrong part: planet carrier". */
  finding(kind: ErrorKind | ScoreLine['reason'], facts: Finding['facts']): string {
    const about = this.facts(facts);
    const what = this.t(`finding_${kind}`);
    return about ? this.t('findingAbout', { what, about }) : what;
  }

  /** The facts of a finding that a person can do something with. */
  private facts(facts: Finding['facts']): string {
    const { t } = this;
    const index = indexOf(this.procedure);
    const said: string[] = [];
    for (const [key, value] of Object.entries(facts)) {
      if (value === null) continue;
      const id = String(value);
      if (key === 'thing') said.push(this.thing(id));
      else if (key === 'tool') said.push(this.text(index.tools.get(id)?.name) || id);
      else if (key === 'control') said.push(this.text(index.controls.get(id)?.name) || id);
      else if (key === 'rule') said.push(this.text(this.procedure.safety.find((rule) => rule.id === id)?.text) || id);
      else if (key === 'fault' || key === 'diagnosis') said.push(this.fault(id));
      else if (key === 'to') said.push(t('jumpedTo', { step: this.step(id) }));
      else if (key === 'offByTolerances') said.push(t('offBy', { count: Math.floor(Number(value)) + 1 }));
      else if (key === 'secondsOver') said.push(t('secondsOver', { seconds: id }));
      else if (key === 'hint') said.push(t('hintNumber', { n: Number(value) + 1 }));
      else if (key === 'value') said.push(`${id} ${String(facts['unit'] ?? '')}`.trim());
    }
    return said.join(' · ');
  }
}
