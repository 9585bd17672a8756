import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shared } from './strings.ts';
import { briefStrings } from '../../features/brief/strings.ts';
import { credentialStrings } from '../../features/credentials/strings.ts';
import { guidanceStrings } from '../../features/guidance/strings.ts';
import { hallStrings } from '../../features/hall/strings.ts';
import { procedureStrings } from '../../features/procedures/strings.ts';
import { projectStrings } from '../../features/project/strings.ts';
import { revisionStrings } from '../../features/revision/strings.ts';
import { roomStrings } from '../../features/room/strings.ts';
import { sessionStrings } from '../../features/session/strings.ts';

const client = join(import.meta.dirname, '../..');
const ALL = {
  shared,
  briefStrings,
  credentialStrings,
  guidanceStrings,
  hallStrings,
  procedureStrings,
  projectStrings,
  revisionStrings,
  roomStrings,
  sessionStrings,
};

/** Without the plural's ending: `parts_one` and `parts_other` are one text. */
const base = (key: string) => key.replace(/_(one|other)$/, '');
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

const sources = readdirSync(client, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !/strings(\.\w+)?\.ts$|\.spec\.|strings\/(en|zh)\.ts$/.test(name))
  .map((name) => readFileSync(join(client, name), 'utf8'))
  .join('\n');

/** Keys that are put together where they are used: `state_${state}` asks for all that begin with `state_`. */
const composed = [...sources.matchAll(/`(\w*)\$\{[^`}]+\}(\w*)`/g)]
  .map(([, start, end]) => [start!, end!] as const)
  .filter(([start, end]) => start.endsWith('_') || /^[A-Z]\w{2,}$/.test(end));
const isAsked = (key: string) =>
  sources.includes(`'${key}'`) || composed.some(([start, end]) => key.startsWith(start) && key.endsWith(end));

describe.each(Object.entries(ALL))('%s', (_, { en, zh }) => {
  const english = Object.entries<string>(en);
  const chinese = new Map(Object.entries<string>(zh));

  it('says the same things in both languages', () => {
    expect(new Set([...chinese.keys()].map(base))).toEqual(new Set(english.map(([key]) => base(key))));
  });

  it('fills the same values into both languages', () => {
    const differing = english
      .filter(([key]) => !key.endsWith('_one'))
      .filter(([key, text]) => placeholders(text).join() !== placeholders(chinese.get(key) ?? '').join())
      .map(([key]) => key);
    expect(differing).toEqual([]);
  });

  it('has no text that no page shows', () => {
    const unused = new Set(english.map(([key]) => base(key)).filter((key) => !isAsked(key)));
    expect([...unused]).toEqual([]);
  });
});

it('reads the sources it claims to check', () => expect(sources.length).toBeGreaterThan(50_000));
