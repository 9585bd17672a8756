import type { Document } from '#protocol/document/index';
import { jobOf, rowsOf, type Disposition } from '#protocol/guidance/index';

/** What somebody else has said or decided in a job, in writing. Spoken words stand there as subtitles. */
export type FromOther = {
  readonly key: string;
  readonly by: string;
  /** As far as the journal tells it. */
  readonly name: string | null;
  readonly atMs: number;
} & (
  | { readonly kind: 'line'; readonly text: string; readonly picture: string | null }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'document'; readonly text: string; readonly cid: string; readonly page: number | null }
  | { readonly kind: 'unlock'; readonly text: string; readonly step: string | null }
  | { readonly kind: 'decision'; readonly text: string; readonly step: string | null; readonly way: Disposition }
);

/** In the order in which it came. */
export function fromOthers(document: Document, me: string): FromOther[] {
  const names = new Map<string, string>(jobOf(document)?.crew.map(({ id, name }) => [id, name]));
  for (const { people } of rowsOf(document, 'calls')) for (const { id, name } of people) names.set(id, name);
  const head = (key: string, by: string, atMs: number) => ({ key, by, atMs, name: names.get(by) ?? null });
  const all: FromOther[] = [
    ...rowsOf(document, 'lines')
      .filter(({ source }) => source === 'typed')
      .map(({ id, by, name, atMs, text, picture }) => ({
        ...head(`line ${id}`, by, atMs),
        ...({ kind: 'line', name, text, picture } as const),
      })),
    ...rowsOf(document, 'marks').flatMap(({ id, by, atMs, body }): FromOther[] =>
      body.kind === 'note' ? [{ ...head(`note ${id}`, by, atMs), kind: 'note', text: body.text }] : [],
    ),
    ...rowsOf(document, 'handed').map(({ id, by, atMs, title, cid, page }) => ({
      ...head(`document ${id}`, by, atMs),
      ...({ kind: 'document', text: title, cid, page } as const),
    })),
    ...rowsOf(document, 'deviations').flatMap(({ id, kind, step, decided }): FromOther[] => {
      if (!decided) return [];
      const { by, atMs, reason: text, disposition: way } = decided;
      return kind === 'released'
        ? [{ ...head(`unlock ${id}`, by, atMs), kind: 'unlock', text, step }]
        : [{ ...head(`decision ${id} ${atMs}`, by, atMs), kind: 'decision', text, step, way }];
    }),
  ];
  return all.filter(({ by }) => by !== me).toSorted((a, b) => a.atMs - b.atMs);
}
