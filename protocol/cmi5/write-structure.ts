import type { CourseStructure, Member, Words } from './structure.ts';
import { NAMESPACE } from './vocabulary.ts';

/** `cmi5.xml` of a course, in the order that the XSD wants. */
export function writeStructure(course: CourseStructure): string {
  const lines = ['<?xml version="1.0" encoding="utf-8"?>', `<courseStructure xmlns="${NAMESPACE}">`];
  const put = (depth: number, line: string) => lines.push('  '.repeat(depth) + line);
  const words = (depth: number, name: 'title' | 'description', told: Words) => {
    put(depth, `<${name}>`);
    for (const [language, text] of Object.entries(told))
      put(depth + 1, `<langstring lang="${escaped(language)}">${escaped(text)}</langstring>`);
    put(depth, `</${name}>`);
  };
  const texts = (depth: number, { title, description }: { title: Words; description: Words }) => {
    words(depth, 'title', title);
    words(depth, 'description', description);
  };
  const references = (depth: number, ids: readonly string[]) => {
    if (ids.length === 0) return;
    put(depth, '<objectives>');
    for (const id of ids) put(depth + 1, `<objective idref="${escaped(id)}"/>`);
    put(depth, '</objectives>');
  };
  const member = (depth: number, one: Member): void => {
    if (one.kind === 'block') {
      put(depth, `<block id="${escaped(one.id)}">`);
      texts(depth + 1, one);
      references(depth + 1, one.objectives);
      for (const inner of one.members) member(depth + 1, inner);
      put(depth, '</block>');
      return;
    }
    const attributes = Object.entries({
      id: one.id,
      moveOn: one.moveOn,
      masteryScore: one.masteryScore,
      launchMethod: one.launchMethod,
      activityType: one.activityType,
    }).flatMap(([name, value]) => (value === null ? [] : [`${name}="${escaped(String(value))}"`]));
    put(depth, `<au ${attributes.join(' ')}>`);
    texts(depth + 1, one);
    references(depth + 1, one.objectives);
    put(depth + 1, `<url>${escaped(one.url)}</url>`);
    for (const name of ['launchParameters', 'entitlementKey'] as const)
      if (one[name] !== null) put(depth + 1, `<${name}>${escaped(one[name])}</${name}>`);
    put(depth, '</au>');
  };
  put(1, `<course id="${escaped(course.id)}">`);
  texts(2, course);
  put(1, '</course>');
  if (course.objectives.length > 0) {
    put(1, '<objectives>');
    for (const objective of course.objectives) {
      put(2, `<objective id="${escaped(objective.id)}">`);
      texts(3, objective);
      put(2, '</objective>');
    }
    put(1, '</objectives>');
  }
  for (const one of course.members) member(1, one);
  lines.push('</courseStructure>', '');
  return lines.join('\n');
}

/** Also of what XML 1.0 cannot hold at all: control characters are left out. */
function escaped(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- control characters are what it leaves out
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
      .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '')
      .replace(/[&<>"'\r\n\t]/g, (one) => `&#${one.charCodeAt(0)};`)
  );
}
