/** Black rectangles on white paper, metres from its middle; x right, y up. */
export interface Print {
  readonly widthM: number;
  readonly heightM: number;
  /** Of a code, when all its rectangles are whole modules. */
  readonly moduleM?: number;
  readonly black: readonly { readonly x: number; readonly y: number; readonly w: number; readonly h: number }[];
}

/** Rows of square dots as the black rectangles that a print is made of: what lies side by side is one. */
export function blackOf(
  columns: number,
  rows: number,
  dotM: number,
  isBlack: (column: number, row: number) => boolean,
): Print['black'] {
  const black: Print['black'][number][] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (!isBlack(column, row)) continue;
      const from = column;
      while (column + 1 < columns && isBlack(column + 1, row)) column++;
      const length = column - from + 1;
      black.push({
        x: (from + length / 2 - columns / 2) * dotM,
        y: (rows / 2 - row - 0.5) * dotM,
        w: length * dotM,
        h: dotM,
      });
    }
  return black;
}
