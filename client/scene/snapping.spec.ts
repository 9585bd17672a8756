import { describe, expect, it } from 'vitest';
import type { Vec3 } from '#protocol/spatial/index';
import { rayEntersBounds, rayHitsShape } from './picking.ts';
import { tessellate } from './parametric-mesh.ts';
import { angleAbout, rayAlongAxis, rayOnPlane, snapTo, snapToEdges } from './snapping.ts';

const cube = tessellate({ kind: 'box', dimensions: { widthM: 0.2, heightM: 0.2, depthM: 0.2 } });

describe('snapping to what a person means', () => {
  it('takes the corner when the pointer is near one', () => {
    const snap = snapToEdges(cube.edges, [0.098, 0.1, 0.097], 0.005);
    expect(snap.kind).toBe('vertex');
    expect(snap.pointInPart.map((n) => Math.round(n * 1000))).toEqual([100, 100, 100]);
  });

  it('takes the nearest point of an edge away from its ends', () => {
    const snap = snapToEdges(cube.edges, [0.02, 0.1, 0.097], 0.005);
    expect(snap.kind).toBe('edge');
    expect(snap.pointInPart[0]).toBeCloseTo(0.02, 6);
    expect(snap.pointInPart[2]).toBeCloseTo(0.1, 6);
  });

  it('leaves a point in the middle of a face alone', () => {
    expect(snapToEdges(cube.edges, [0, 0.1, 0], 0.005)).toEqual({ kind: 'face', pointInPart: [0, 0.1, 0] });
  });

  it('rounds lengths to the step, and keeps them when snapping is off', () => {
    expect(snapTo(0.0134, 0.005)).toBeCloseTo(0.015, 9);
    expect(snapTo(0.0134, 0)).toBe(0.0134);
  });
});

describe('drags in space', () => {
  const ray = (origin: Vec3, direction: Vec3) => ({ origin, direction });

  it('finds how far along an axis the pointer is', () => {
    expect(rayAlongAxis(ray([0.3, 0, 5], [0, 0, -1]), [0, 0, 0], [1, 0, 0])).toBeCloseTo(0.3, 9);
    expect(rayAlongAxis(ray([0, 0, 5], [0, 0, -1]), [0, 0, 0], [0, 0, 1])).toBeNull();
  });

  it('finds the point of a plane under the pointer, and none behind the eye', () => {
    expect(rayOnPlane(ray([1, 2, 3], [0, -1, 0]), [0, 0, 0], [0, 1, 0])).toEqual([1, 0, 3]);
    expect(rayOnPlane(ray([1, 2, 3], [0, 1, 0]), [0, 0, 0], [0, 1, 0])).toBeNull();
  });

  it('measures turns counter-clockwise about the axis', () => {
    expect(angleAbout([0, 1, 0], [0, 0, 1], [1, 0, 0])).toBeCloseTo(Math.PI / 2, 9);
    expect(angleAbout([0, 1, 0], [1, 5, 0], [0, 9, 1])).toBeCloseTo(-Math.PI / 2, 9);
  });
});

describe('picking', () => {
  it('hits the front face of a shape with its outward normal', () => {
    const hit = rayHitsShape({ origin: [0.03, 0.02, 2], direction: [0, 0, -1] }, cube);
    expect(hit?.distanceM).toBeCloseTo(1.9, 6);
    expect(hit?.normal).toEqual([0, 0, 1]);
  });

  it('misses beside it and ignores what lies beyond the limit', () => {
    expect(rayHitsShape({ origin: [0.3, 0, 2], direction: [0, 0, -1] }, cube)).toBeNull();
    expect(rayHitsShape({ origin: [0, 0, 2], direction: [0, 0, -1] }, cube, 1)).toBeNull();
  });

  it('tells where a ray enters a box, 0 from inside', () => {
    expect(rayEntersBounds({ origin: [0, 0, 2], direction: [0, 0, -1] }, cube.boundsM)).toBeCloseTo(1.9, 6);
    expect(rayEntersBounds({ origin: [0, 0, 0], direction: [0, 0, -1] }, cube.boundsM)).toBe(0);
    expect(rayEntersBounds({ origin: [1, 0, 2], direction: [0, 0, -1] }, cube.boundsM)).toBeNull();
  });
});
