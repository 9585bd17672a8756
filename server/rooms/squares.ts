/** The floor is divided into squares of this size, metres; all who stand in one square get the same frame. */
const SQUARE_M = 6;
/** Who stands at the border of a square changes it only when this far beyond, metres. */
const BORDER_M = 1;
/** Squares are numbered: the room reaches 33 m, so six of them each way. */
const COLUMNS = 64;

const numberOf = (column: number, row: number): number => (column + COLUMNS / 2) * COLUMNS + row + COLUMNS / 2;
export const columnOf = (square: number): number => Math.floor(square / COLUMNS) - COLUMNS / 2;
export const rowOf = (square: number): number => (square % COLUMNS) - COLUMNS / 2;
export const MIDDLE_SQUARE = numberOf(0, 0);

/** Metres. */
export const middleOf = (square: number): [x: number, z: number] => [
  (columnOf(square) + 0.5) * SQUARE_M,
  (rowOf(square) + 0.5) * SQUARE_M,
];

/** The square a point is in; whoever was in another stays there until they are well beyond its border. */
export function squareAt(x: number, z: number, former: { cell: number; column: number; row: number }): number {
  const { cell, column, row } = former;
  const isInside = (value: number, at: number) =>
    value > at * SQUARE_M - BORDER_M && value < (at + 1) * SQUARE_M + BORDER_M;
  if (isInside(x, column) && isInside(z, row)) return cell;
  return numberOf(Math.floor(x / SQUARE_M), Math.floor(z / SQUARE_M));
}
