import type { DocumentList } from '#protocol/api/help';
import type { DocumentKind, LineRow, PhotoRow, ShownDocument, StillRow } from '#protocol/guidance/index';
import type { Text } from '#protocol/procedures/index';

export interface DocumentChoice {
  readonly cid: string;
  readonly title: string;
  readonly kind: DocumentKind;
}
/** What can be handed over in a call, by where it comes from; each file once. */
export interface DocumentChoices {
  readonly procedure: readonly DocumentChoice[];
  readonly job: readonly DocumentChoice[];
  readonly project: readonly DocumentChoice[];
}

interface Sources {
  readonly procedure: readonly ShownDocument[];
  readonly photos: readonly Pick<PhotoRow, 'cid' | 'kind' | 'gate' | 'atMs'>[];
  readonly stills: readonly Pick<StillRow, 'cid'>[];
  readonly lines: readonly Pick<LineRow, 'picture' | 'text'>[];
  readonly project: DocumentList['documents'];
  readonly words: {
    text(text: Text): string;
    /** Of a picture or clip that a check asked for. */
    photo(gate: string, atMs: number): string;
    still(n: number): string;
    document(kind: DocumentKind): string;
  };
}

/** From this job's procedure, from what was shown and taken in the job (newest first), and from the project's other procedures. */
export function documentChoices({ procedure, photos, stills, lines, project, words }: Sources): DocumentChoices {
  const seen = new Set<string>();
  const once = (choices: readonly DocumentChoice[]) =>
    choices.filter(({ cid }) => !seen.has(cid) && Boolean(seen.add(cid)));
  const titled = ({ title, kind }: Omit<ShownDocument, 'cid'>) => words.text(title) || words.document(kind);
  return {
    procedure: once(procedure.map((shown) => ({ cid: shown.cid, kind: shown.kind, title: titled(shown) }))),
    job: once([
      ...lines
        .toReversed()
        .flatMap(({ picture, text }): DocumentChoice[] =>
          picture === null ? [] : [{ cid: picture, kind: 'picture', title: text || words.document('picture') }],
        ),
      ...stills.map(({ cid }, n): DocumentChoice => ({ cid, kind: 'picture', title: words.still(n + 1) })).toReversed(),
      ...photos.toReversed().map(({ cid, kind, gate, atMs }): DocumentChoice => ({
        ...{ cid, title: words.photo(gate, atMs) },
        kind: kind === 'clip' ? 'video' : 'picture',
      })),
    ]),
    project: once(
      project.map((shown) => ({
        ...{ cid: shown.cid, kind: shown.kind },
        title: [words.text(shown.procedure), titled(shown)].filter(Boolean).join(': '),
      })),
    ),
  };
}
