import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { courses, PACKAGE_FILES } from './cmi5.fixtures.ts';
import { readStructure } from './read-structure.ts';
import { unitsOf } from './structure.ts';
import { NAMESPACE } from './vocabulary.ts';
import { writeStructure } from './write-structure.ts';

const texts =
  '<title><langstring lang="en">T</langstring></title><description><langstring>D</langstring></description>';
const unit = (more = '', url = 'https://a.example/x', inside = '') =>
  `<au id="https://m.example/au" ${more}>${texts}<url>${url}</url>${inside}</au>`;
const course = (members: string, id = 'https://m.example/course') =>
  `<courseStructure xmlns="${NAMESPACE}"><course id="${id}">${texts}</course>${members}</courseStructure>`;
const alone = { files: null };
const clauses = (xml: string, options: Parameters<typeof readStructure>[1] = alone) => {
  const read = readStructure(xml, options);
  return read.ok ? [] : read.faults.map(({ clause }) => clause);
};

describe('a course structure', () => {
  test('comes back from XML as it was written, whatever is in its words', () => {
    fc.assert(
      fc.property(courses, (one) => {
        const read = readStructure(writeStructure(one), { files: PACKAGE_FILES });
        expect(read).toEqual({ ok: true, course: one });
      }),
      { numRuns: 300 },
    );
  });

  test('has the defaults of the standard, and nothing of the white space around its words', () => {
    const read = readStructure(
      course(`<au id=" https://m.example/au ">${texts}<url><![CDATA[\n https://a.example/x?a=1&b=2 ]]></url></au>`),
      alone,
    );
    expect(read.ok && unitsOf(read.course)[0]).toMatchObject({
      id: 'https://m.example/au',
      url: 'https://a.example/x?a=1&b=2',
      title: { en: 'T' },
      description: { und: 'D' },
      moveOn: 'NotApplicable',
      launchMethod: 'AnyWindow',
      masteryScore: null,
    });
  });

  test('may bring words of other makers, after those of the standard', () => {
    const vendor = '<v:note xmlns:v="urn:v" v:kind="x"><v:a/></v:note>';
    expect(clauses(course(unit('xmlns:v="urn:v" v:level="3"', undefined, vendor)))).toEqual([]);
    expect(clauses(course(unit()).replace('<url>', `${vendor}<url>`))).not.toEqual([]);
  });

  test.each([
    ['is no XML', '<courseStructure', '14.0'],
    ['declares a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${course(unit())}`, '14.0'],
    ['uses an entity nobody declared', course(unit('', 'https://a.example/&a;')), '14.0'],
    ['is of another namespace', course(unit()).replace(NAMESPACE, 'urn:other'), '13.2 CourseStructure.xsd'],
    ['has no unit', course(''), '13.2 CourseStructure.xsd'],
    [
      'has its elements in another order',
      course(unit()).replace(texts + '<url>https://a.example/x</url>', `<url>https://a.example/x</url>${texts}`),
      '13.2 CourseStructure.xsd',
    ],
    ['has an attribute that the standard does not know', course(unit('colour="red"')), '13.2 CourseStructure.xsd'],
    ['has an id that is not whole', course(unit(), 'm.example/course'), '3.0'],
    ['has two units with one id', course(unit() + unit()), '13.1.4'],
    ['has a mastery score above 1', course(unit('masteryScore="1.5"')), '13.1.4'],
    ['has a moveOn of its own', course(unit('moveOn="Sometimes"')), '13.1.4'],
    ['names an address with a space', course(unit('', 'https://a.example/a b')), '13.1.4'],
    ['would run a script in the hall', course(unit('', 'javascript:alert(1)')), '13.1.4'],
    ['uses a name of the launch', course(unit('', 'https://a.example/x?fetch=1')), '8.1'],
    ['is alone and names a file', course(unit('', 'index.html')), '14.2'],
  ])('is refused when it %s', (_, xml, clause) => {
    expect(clauses(xml)).toContain(clause);
  });

  test('is refused when it names a file that the zip does not have, or one outside', () => {
    const files = new Set(['index.html']);
    expect(clauses(course(unit('', 'index.html?a=1#b')), { files })).toEqual([]);
    expect(clauses(course(unit('', './sub/../index.html')), { files })).toEqual([]);
    for (const url of ['other.html', '//elsewhere.example/index.html', '%E0%A4%A'])
      expect(clauses(course(unit('', url)), { files })).toEqual(['14.1']);
  });

  test('with anything broken in it is read or refused, never more', () => {
    fc.assert(
      fc.property(
        courses,
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.string({ maxLength: 6 })), { minLength: 1, maxLength: 8 }),
        (one, cuts) => {
          let xml = writeStructure(one);
          for (const [at, length, piece] of cuts) {
            const place = at % xml.length;
            xml = xml.slice(0, place) + piece + xml.slice(place + (length % 40));
          }
          const read = readStructure(xml, alone);
          if (!read.ok) expect(read.faults.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1_000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (xml) => {
        expect(readStructure(xml, alone).ok).toBe(false);
      }),
    );
  });

  test('that is nested or long beyond reason is refused quickly', () => {
    const startMs = performance.now();
    expect(clauses('<a>'.repeat(200_000))).toEqual(['14.0']);
    expect(clauses(`<courseStructure xmlns="${NAMESPACE}">${'<x/>'.repeat(600_000)}`)).toEqual(['14.0']);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});
