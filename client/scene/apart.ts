/** A label on the screen by its middle, CSS pixels. */
export interface LabelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Between two labels, CSS pixels. */
const GAP_PX = 2;
/** A label that would have to go further from its place than this is left out, CSS pixels. */
const FURTHEST_PX = 72;

/**
 * Where labels stand so that none covers another: each at its own place or the nearest free one above or below it, in
 * the order of their places, so that they do not jump about; null where there is none near enough.
 */
export function placedApart(labels: readonly LabelBox[]): (number | null)[] {
  const order = [...labels.keys()].sort((a, b) => labels[a]!.y - labels[b]!.y || labels[a]!.x - labels[b]!.x);
  const placed: LabelBox[] = [];
  const places: (number | null)[] = labels.map(() => null);
  for (const at of order) {
    const label = labels[at]!;
    const beside = placed.filter((other) => Math.abs(other.x - label.x) < (other.width + label.width) / 2 + GAP_PX);
    const isFree = (y: number) =>
      beside.every((other) => Math.abs(other.y - y) >= (other.height + label.height) / 2 + GAP_PX - 1e-6);
    const candidates = [
      label.y,
      ...beside.flatMap((other) => {
        const away = (other.height + label.height) / 2 + GAP_PX;
        return [other.y - away, other.y + away];
      }),
    ].filter((y) => Math.abs(y - label.y) <= FURTHEST_PX && isFree(y));
    if (candidates.length === 0) continue;
    const y = candidates.reduce((best, one) => (Math.abs(one - label.y) < Math.abs(best - label.y) ? one : best));
    places[at] = y;
    placed.push({ ...label, y });
  }
  return places;
}
