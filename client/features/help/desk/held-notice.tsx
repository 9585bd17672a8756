import type { Document } from '#protocol/document/index';
import { DISPOSITIONS, type Deviation } from '#protocol/guidance/index';
import type { ProjectId } from '#protocol/ids';
import { sayFacts } from '../../guidance-room/model/said.ts';
import { guidanceRoomStrings } from '../../guidance-room/strings.ts';
import { useDeciders } from '../../guidance-room/use-deciders.ts';
import type { Speaker } from '../../procedures/model/words.ts';
import css from '../help.module.css';
import { helpStrings } from '../strings.ts';

interface Props {
  readonly document: Document;
  readonly deviation: Deviation;
  readonly project: ProjectId | null | undefined;
  readonly say: Speaker;
}

/** Why the engineer does not get on: what deviates, by how much, and who may decide about it. */
export function HeldNotice({ document, deviation, project, say }: Props) {
  const t = helpStrings.useText();
  const words = guidanceRoomStrings.useText();
  const deciders = useDeciders(document, deviation, project);
  const who = DISPOSITIONS.filter((way) => deciders[way].length > 0).map(
    (way) => `${deciders[way].join(t('comma'))} (${words(way)})`,
  );
  return (
    <section className={css['held']} role="status" aria-label={t('held')}>
      <strong>{words('held', { kind: words(`kind_${deviation.kind}`) })}</strong>
      <span>{sayFacts(deviation, say, words)}</span>
      <span>{who.length > 0 ? t('decides', { who: who.join(t('comma')) }) : words('somebodyDecides')}</span>
    </section>
  );
}
