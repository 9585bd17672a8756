import { describe, expect, it } from 'vitest';
import { decodeStepString, StepEntities, StepEnum, StepRef } from './step-entities.ts';
import { countPlacedBodies } from './step-products.ts';
import type { StepProduct } from './step-products.ts';
import { IDENTITY } from './rigid.ts';

const entities = (data: string, ...types: string[]) =>
  new StepEntities(new TextEncoder().encode(`ISO-10303-21;HEADER;ENDSEC;DATA;\n${data}\nENDSEC;`), new Set(types));

describe('reading STEP text', () => {
  it('parameters of every kind, over several lines', () => {
    const file = entities("#7 = PRODUCT('it''s',\n  $, #12 ,(1., -2.5E-3,.TRUE.), LENGTH_MEASURE(3.));", 'PRODUCT');
    expect(file.ofType('PRODUCT')).toEqual([7]);
    expect(file.params(7, 'PRODUCT')).toEqual([
      "it's",
      null,
      new StepRef(12),
      [1, -0.0025, new StepEnum('TRUE')],
      expect.objectContaining({ type: 'LENGTH_MEASURE', values: [3] }),
    ]);
  });
  it('complex entities under each of their names', () => {
    const file = entities('#1=(LENGTH_UNIT() NAMED_UNIT(*) SI_UNIT(.MILLI.,.METRE.));', 'SI_UNIT', 'LENGTH_UNIT');
    expect([file.ofType('SI_UNIT'), file.ofType('LENGTH_UNIT')]).toEqual([[1], [1]]);
  });
  it('is not misled by text that looks like an entity', () => {
    const file = entities(
      "#1=PRODUCT('; #9=PRODUCT(','',$,());\n/* #3=PRODUCT('','',$,()); */#2=PRODUCT('b','',$,());",
      'PRODUCT',
    );
    expect(file.ofType('PRODUCT')).toEqual([1, 2]);
  });
  it('endless nesting ends in an error, not in a crash', () => {
    expect(() => entities(`#1=PRODUCT(${'('.repeat(100_000)});`).records(1)).toThrow(RangeError);
  });
});

describe('names in STEP files', () => {
  it.each([
    ['\\X2\\4E2D6587\\X0\\ 1', '中文 1'],
    ['\\X4\\0001F529\\X0\\', '🔩'],
    ['Geh\\X\\E4use', 'Gehäuse'],
    ['Geh\\S\\duse', 'Gehäuse'],
    ['Geh\u00e4use', 'Gehäuse'],
    [Buffer.from('支架').toString('latin1'), '支架'],
    [String.fromCharCode(0xd6, 0xa7, 0xbc, 0xdc), '支架'],
  ])('%s is %s', (raw, name) => expect(decodeStepString(raw)).toBe(name));
});

describe('counting parts before they are opened out', () => {
  const product = (id: string, bodies: number): StepProduct => ({
    definition: 0,
    entity: undefined,
    id,
    name: id,
    children: [],
    bodies,
  });
  it('a bomb of nested assemblies costs nothing to count', () => {
    let below = product('part', 1);
    for (let level = 0; level < 60; level++) {
      const above = product(`${level}`, 0);
      for (let twin = 0; twin < 2; twin++) above.children.push({ name: '', product: below, placement: IDENTITY });
      below = above;
    }
    expect(countPlacedBodies(below)).toBe(2 ** 60);
  });
  it('an assembly that contains itself has endlessly many', () => {
    const loop = product('loop', 1);
    loop.children.push({ name: '', product: loop, placement: IDENTITY });
    expect(countPlacedBodies(loop)).toBe(Infinity);
  });
});
