import { describe, expect, it } from 'vitest';
import { colorOfUser, colorsOfUsers, freeColorOf, PARTICIPANT_COLOR_COUNT } from './participant-color.ts';

const users = Array.from({ length: 2000 }, (_, i) => `user-${i}-${(i * 7919).toString(36)}`);

describe("a person's colour", () => {
  it('stays the same in every version: these are shown to people who know each other by them', () => {
    expect(['ann', 'ben', 'V1StGXR8_Z5jdHi6B-myT', ''].map(colorOfUser)).toMatchInlineSnapshot(`
      [
        5,
        0,
        7,
        4,
      ]
    `);
  });

  it('is spread evenly over the palette, without the colour that means "you"', () => {
    const counts = new Map<number, number>();
    for (const user of users) counts.set(colorOfUser(user), (counts.get(colorOfUser(user)) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    for (const count of counts.values()) expect(Math.abs(count - users.length / 11)).toBeLessThan(60);
  });

  it('tells eleven people in a room apart, whatever their ids, and leaves the first their own', () => {
    const colors = colorsOfUsers(users.slice(0, 11));
    expect(new Set(colors.values()).size).toBe(11);
    expect(colors.get(users[0]!)).toBe(colorOfUser(users[0]!));
  });

  it('is shared when there are more people than colours', () => {
    const all = new Set(Array.from({ length: PARTICIPANT_COLOR_COUNT }, (_, i) => i));
    expect(freeColorOf('ann', all)).toBe(colorOfUser('ann'));
  });
});
