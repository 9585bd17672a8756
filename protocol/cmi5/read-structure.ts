import { isIri, isLanguageTag } from '../xapi/data-types.ts';
import {
  blocksOf,
  unitsOf,
  type AssignableUnit,
  type Block,
  type CourseStructure,
  type Member,
  type Words,
} from './structure.ts';
import { LAUNCH_METHODS, LAUNCH_PARAMETERS, MOVE_ON, NAMESPACE, type LaunchMethod, type MoveOn } from './vocabulary.ts';
import { parseXml, type Element } from './xml.ts';

/** What a package breaks, where, and the clause of the specification that says so. */
export interface StructureFault {
  readonly clause: string;
  readonly line: number;
  readonly message: string;
}
export type ReadStructure =
  { readonly ok: true; readonly course: CourseStructure } | { readonly ok: false; readonly faults: StructureFault[] };

export interface ReadOptions {
  /** Files of the zip it came in; null: the XML came alone, so every address must be whole (14.2). */
  readonly files: { has(path: string): boolean } | null;
}

const MAX_FAULTS = 20;
const XSD = '13.2 CourseStructure.xsd';
/** These run or read on the learner's own machine instead of opening a page. */
const UNSAFE_SCHEMES = ['javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'filesystem:', 'about:'];
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/** `cmi5.xml` as the XSD of cmi5 and the clauses about it want it; all faults at once, the first twenty of them. */
export function readStructure(xml: string, options: ReadOptions): ReadStructure {
  const parsed = parseXml(xml);
  if (!parsed.ok) {
    const message = `The course structure is no well-formed XML: ${parsed.message}.`;
    return { ok: false, faults: [{ clause: '14.0', line: parsed.line, message }] };
  }
  const reader = new Reader(options);
  const course = reader.course(parsed.root);
  return course && reader.faults.length === 0 ? { ok: true, course } : { ok: false, faults: reader.faults };
}

/** Where a relative address points inside the zip; null: outside of it. */
export function pathInPackage(url: string): string | null {
  try {
    const { pathname, origin } = new URL(url, 'https://package.invalid/');
    if (origin !== 'https://package.invalid') return null;
    return decodeURIComponent(pathname).slice(1);
  } catch {
    return null; // not an address, or % signs that mean nothing
  }
}

export const isRelative = (url: string): boolean => !HAS_SCHEME.test(url);

class Reader {
  readonly faults: StructureFault[] = [];

  constructor(private readonly options: ReadOptions) {}

  course(root: Element): CourseStructure | null {
    if (root.name !== 'courseStructure' || root.namespace !== NAMESPACE) {
      this.fault(XSD, root, `The root must be <courseStructure> of the namespace ${NAMESPACE}.`);
      return null;
    }
    this.attributes(root, []);
    const parts = this.sequence(root, [
      { names: ['course'], least: 1, most: 1 },
      { names: ['objectives'], least: 0, most: 1 },
      { names: ['au', 'block'], least: 1, most: Infinity },
    ]);
    const [head] = parts.get('course') ?? [];
    if (!head) return null;
    const texts = this.sequence(head, TEXTS);
    const course: CourseStructure = {
      id: this.id(head),
      ...this.texts(texts),
      objectives: (parts.get('objectives') ?? []).flatMap((list) => this.objectives(list)),
      members: this.members(root),
    };
    this.attributes(head, ['id']);
    this.unique('block', '13.1.2', blocksOf(course));
    this.unique('objective', '13.1.3', course.objectives);
    this.unique('au', '13.1.4', unitsOf(course));
    return course;
  }

  private members(of: Element): Member[] {
    return of.children
      .filter(({ namespace, name }) => namespace === NAMESPACE && (name === 'au' || name === 'block'))
      .map((child) => (child.name === 'au' ? this.unit(child) : this.block(child)));
  }

  private block(element: Element): Block {
    this.attributes(element, ['id']);
    const parts = this.sequence(element, [
      ...TEXTS,
      { names: ['objectives'], least: 0, most: 1 },
      { names: ['au', 'block'], least: 1, most: Infinity },
    ]);
    return {
      kind: 'block',
      id: this.id(element),
      ...this.texts(parts),
      objectives: this.references(parts),
      members: this.members(element),
    };
  }

  private unit(element: Element): AssignableUnit {
    this.attributes(element, ['id', 'moveOn', 'masteryScore', 'launchMethod', 'activityType']);
    const parts = this.sequence(element, [
      ...TEXTS,
      { names: ['objectives'], least: 0, most: 1 },
      { names: ['url'], least: 1, most: 1 },
      { names: ['launchParameters'], least: 0, most: 1 },
      { names: ['entitlementKey'], least: 0, most: 1 },
    ]);
    const text = (name: string) => parts.get(name)?.[0]?.text.trim() ?? null;
    const url = parts.get('url')?.[0];
    return {
      kind: 'au',
      id: this.id(element),
      ...this.texts(parts),
      objectives: this.references(parts),
      url: url ? this.url(url) : '',
      launchParameters: text('launchParameters'),
      entitlementKey: text('entitlementKey'),
      moveOn: this.oneOf(element, 'moveOn', MOVE_ON, 'NotApplicable') as MoveOn,
      masteryScore: this.masteryScore(element),
      launchMethod: this.oneOf(element, 'launchMethod', LAUNCH_METHODS, 'AnyWindow') as LaunchMethod,
      activityType: element.attributes.get('activityType')?.trim() ?? null,
    };
  }

  private url(element: Element): string {
    const url = element.text.trim();
    const say = (clause: string, message: string) => {
      this.fault(clause, element, message);
      return url;
    };
    if (url === '') return say(XSD, 'The address of an AU is empty.');
    if (/[\s<>"{}|\\^`]/.test(url) || !URL.canParse(url, 'https://package.invalid/'))
      return say('13.1.4', `"${url}" is no address (RFC 1738).`);
    const taken = LAUNCH_PARAMETERS.filter((name) => new URL(url, 'https://package.invalid/').searchParams.has(name));
    if (taken.length > 0)
      return say('8.1', `The address of an AU uses the name "${taken[0]}", which belongs to the launch.`);
    if (!isRelative(url)) {
      const { protocol } = new URL(url);
      return UNSAFE_SCHEMES.includes(protocol) ? say('13.1.4', `An AU cannot be at "${protocol}".`) : url;
    }
    if (!this.options.files) return say('14.2', `Without a zip every address must be whole; "${url}" is not.`);
    const path = pathInPackage(url);
    if (path === null || !this.options.files.has(path))
      return say('14.1', `The package has no file "${path ?? url}", which an AU names.`);
    return url;
  }

  private masteryScore(element: Element): number | null {
    const text = element.attributes.get('masteryScore')?.trim();
    if (text === undefined) return null;
    const score = Number(text);
    if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) && score >= 0 && score <= 1) return score;
    this.fault('13.1.4', element, `masteryScore must be a decimal from 0 to 1; it is "${text}".`);
    return null;
  }

  private oneOf(element: Element, name: string, values: readonly string[], otherwise: string): string {
    const value = element.attributes.get(name);
    if (value === undefined) return otherwise;
    if (!values.includes(value))
      this.fault('13.1.4', element, `${name} must be ${values.join(', ')}; it is "${value}".`);
    return value;
  }

  private id(element: Element): string {
    const id = element.attributes.get('id')?.trim() ?? '';
    if (!isIri(id)) this.fault('3.0', element, `The id of <${element.name}> must be a whole IRI; it is "${id}".`);
    return id;
  }

  private texts(parts: ReadonlyMap<string, Element[]>): { title: Words; description: Words } {
    const words = (name: string) => (parts.get(name)?.[0] ? this.words(parts.get(name)![0]!) : {});
    return { title: words('title'), description: words('description') };
  }

  private words(element: Element): Words {
    this.attributes(element, []);
    const parts = this.sequence(element, [{ names: ['langstring'], least: 1, most: Infinity }]);
    const words: Record<string, string> = {};
    for (const one of parts.get('langstring') ?? []) {
      this.attributes(one, ['lang']);
      const language = one.attributes.get('lang')?.trim() ?? 'und';
      if (!isLanguageTag(language)) this.fault(XSD, one, `"${language}" is no language (RFC 5646).`);
      else if (!Object.hasOwn(words, language)) words[language] = one.text.trim();
    }
    return words;
  }

  private objectives(list: Element): CourseStructure['objectives'][number][] {
    this.attributes(list, []);
    const parts = this.sequence(list, [{ names: ['objective'], least: 1, most: Infinity }]);
    return (parts.get('objective') ?? []).map((one) => {
      this.attributes(one, ['id']);
      // Here, and here alone, the XSD leaves the order open.
      const found = new Map<string, Element[]>();
      for (const name of ['title', 'description']) {
        const named = one.children.filter((child) => child.namespace === NAMESPACE && child.name === name);
        if (named.length !== 1) this.fault(XSD, one, `<objective> needs one <${name}>.`);
        found.set(name, named);
      }
      return { id: this.id(one), ...this.texts(found) };
    });
  }

  private references(parts: ReadonlyMap<string, Element[]>): string[] {
    const [list] = parts.get('objectives') ?? [];
    if (!list) return [];
    const found = this.sequence(list, [{ names: ['objective'], least: 1, most: Infinity }]);
    return (found.get('objective') ?? []).flatMap(({ attributes }) => attributes.get('idref')?.trim() ?? []);
  }

  /** Children in the order of the XSD; what other namespaces bring stands after them. */
  private sequence(element: Element, rules: readonly Rule[]): Map<string, Element[]> {
    const found = new Map<string, Element[]>();
    let at = 0;
    let count = 0;
    let isVendors = false;
    for (const child of element.children) {
      if (child.namespace !== NAMESPACE) {
        isVendors = true;
        if (child.namespace === '') this.fault(XSD, child, `<${child.name}> belongs to no namespace.`);
        continue;
      }
      let next = at;
      while (next < rules.length && !rules[next]!.names.includes(child.name)) next++;
      if (next === rules.length || isVendors) {
        this.fault(XSD, child, `<${child.name}> cannot stand here in <${element.name}>.`);
        continue;
      }
      for (; at < next; at++, count = 0) this.enough(element, rules[at]!, count);
      count++;
      if (count > rules[at]!.most) this.fault(XSD, child, `<${element.name}> has <${child.name}> twice.`);
      const named = found.get(child.name);
      if (named) named.push(child);
      else found.set(child.name, [child]);
    }
    for (; at < rules.length; at++, count = 0) this.enough(element, rules[at]!, count);
    return found;
  }

  private enough(element: Element, { names, least }: Rule, count: number): void {
    if (count < least) this.fault(XSD, element, `<${element.name}> needs <${names.join('> or <')}>.`);
  }

  private attributes(element: Element, known: readonly string[]): void {
    for (const name of element.attributes.keys())
      if (!known.includes(name)) this.fault(XSD, element, `<${element.name}> has no attribute "${name}".`);
  }

  private unique(what: string, clause: string, all: readonly { id: string }[]): void {
    const seen = new Set<string>();
    for (const { id } of all) {
      if (seen.has(id)) this.fault(clause, null, `The id ${id} stands at more than one <${what}>.`);
      seen.add(id);
    }
  }

  private fault(clause: string, at: Element | null, message: string): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ clause, line: at?.line ?? 1, message });
  }
}

interface Rule {
  readonly names: readonly string[];
  readonly least: number;
  readonly most: number;
}
const TEXTS: readonly Rule[] = [
  { names: ['title'], least: 1, most: 1 },
  { names: ['description'], least: 1, most: 1 },
];
