import { api } from '../session/index.ts';
import { guidanceStrings } from './strings.ts';

interface Props {
  readonly cid: string;
  readonly kind: 'picture' | 'clip';
  /** Its title. */
  readonly step: string;
}

/** What somebody took of a step: read by its content's address, whoever has it. */
export function Evidence({ cid, kind, step }: Props) {
  const t = guidanceStrings.useText();
  return kind === 'picture' ? (
    <img src={api.assetUrl(cid)} alt={t('pictureOf', { step })} loading="lazy" />
  ) : (
    // Recorded without sound: there is nothing to caption.
    <video src={api.assetUrl(cid)} aria-label={t('clipOf', { step })} controls muted playsInline preload="metadata" />
  );
}
