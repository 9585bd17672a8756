import type { Body } from '#protocol/presence/index';
import type { Pose } from '#protocol/spatial/index';

/** Head and two hands, each three of position and four of rotation. */
export const FLOATS_OF_A_BODY = 21;

const posesOf = ({ headInRoom, leftInRoom, rightInRoom }: Body): Pose[] => [headInRoom, leftInRoom!, rightInRoom!];

export const floatsOf = (body: Body): number[] =>
  posesOf(body).flatMap(({ position, rotation }) => [...position, ...rotation]);

/** As a programmer would write it: names of one letter, four digits. */
export const jsonOf = (body: Body): unknown => {
  const short = (value: number) => Math.round(value * 1e4) / 1e4;
  const [h, l, r] = posesOf(body).map(({ position, rotation }) => ({ p: position.map(short), q: rotation.map(short) }));
  return { h, l, r };
};
