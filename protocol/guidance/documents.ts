import type { CidText } from '../ids.ts';
import type { Procedure } from '../procedures/procedure.ts';
import type { Text } from '../procedures/text.ts';
import type { DOCUMENT_KINDS } from './help-ops.ts';

export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** Something that can be handed over in a call. */
export interface ShownDocument {
  readonly cid: CidText;
  readonly kind: DocumentKind;
  readonly title: Text;
}

/** A motion is seen on the product alone. */
const KIND_OF = { document: 'pdf', picture: 'picture', video: 'video', audio: 'audio', motion: null } as const;

/** What a procedure shows, where the file is not missing. */
export const documentsIn = ({ workplace }: Procedure): ShownDocument[] =>
  workplace.media.flatMap(({ cid, kind: media, description: title }) => {
    const kind = KIND_OF[media];
    return cid === null || kind === null ? [] : [{ cid, kind, title }];
  });
