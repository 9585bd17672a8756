/** A label by its middle: CSS pixels on a screen, dmm in a headset. */
export interface LabelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ApartOptions {
  /** Between two labels. */
  readonly gap: number;
  /** A label that would have to go further from its place than this is left out. */
  readonly furthest: number;
  /** What labels keep clear of: it stays where it is. */
  readonly taken: readonly LabelBox[];
}

/** For a screen, CSS pixels. */
const DEFAULTS: ApartOptions = { gap: 2, furthest: 72, taken: [] };

/**
 * Where labels stand so that none covers another: each at its own place or the nearest free one above or below it, in
 * the order of their places, so that they do not jump about; null where there is none near enough.
 */
export function placedApart(labels: readonly LabelBox[], options: Partial<ApartOptions> = {}): (number | null)[] {
  const { gap, furthest, taken } = { ...DEFAULTS, ...options };
  const order = [...labels.keys()].sort((a, b) => labels[a]!.y - labels[b]!.y || labels[a]!.x - labels[b]!.x);
  const placed: LabelBox[] = [...taken];
  const places: (number | null)[] = labels.map(() => null);
  for (const at of order) {
    const label = labels[at]!;
    const beside = placed.filter((other) => Math.abs(other.x - label.x) < (other.width + label.width) / 2 + gap);
    const isFree = (y: number) =>
      beside.every((other) => Math.abs(other.y - y) >= (other.height + label.height) / 2 + gap - 1e-6);
    const candidates = [
      label.y,
      ...beside.flatMap((other) => {
        const away = (other.height + label.height) / 2 + gap;
        return [other.y - away, other.y + away];
      }),
    ].filter((y) => Math.abs(y - label.y) <= furthest && isFree(y));
    if (candidates.length === 0) continue;
    const y = candidates.reduce((best, one) => (Math.abs(one - label.y) < Math.abs(best - label.y) ? one : best));
    places[at] = y;
    placed.push({ ...label, y });
  }
  return places;
}
