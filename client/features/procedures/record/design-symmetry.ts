import type { Shape } from '#protocol/design/index';
import type { Symmetry } from '#protocol/procedures/index';

const UP: [number, number, number] = [0, 1, 0];
const ACROSS: [number, number, number] = [1, 0, 0];
/** Edges nearer to each other than this are equal, metres. */
const EQUAL_M = 1e-6;

/** What a shape that is made of dimensions looks like after a turn; of an imported model nobody knows. */
export function symmetryOf(shape: Shape | null): Symmetry {
  if (!shape || shape.kind === 'asset') return { kind: 'none' };
  switch (shape.kind) {
    case 'cylinder':
      return { kind: 'revolute', axis: UP, flips: true };
    case 'box': {
      const { widthM, heightM, depthM } = shape.dimensions;
      return ofEdges(widthM, heightM, depthM);
    }
    case 'plate': {
      const { widthM, depthM, holesAcross, holesAlong } = shape.dimensions;
      const isSquare = isEqual(widthM, depthM) && holesAcross === holesAlong;
      return isSquare ? { kind: 'turnover', axis: UP, count: 4, flipAxis: ACROSS } : { kind: 'box' };
    }
  }
}

function ofEdges(x: number, y: number, z: number): Symmetry {
  const [xy, yz, zx] = [isEqual(x, y), isEqual(y, z), isEqual(z, x)];
  if (xy && yz) return { kind: 'cube' };
  if (xy) return { kind: 'turnover', axis: [0, 0, 1], count: 4, flipAxis: ACROSS };
  if (yz) return { kind: 'turnover', axis: ACROSS, count: 4, flipAxis: UP };
  if (zx) return { kind: 'turnover', axis: UP, count: 4, flipAxis: ACROSS };
  return { kind: 'box' };
}

const isEqual = (a: number, b: number): boolean => Math.abs(a - b) < EQUAL_M;
