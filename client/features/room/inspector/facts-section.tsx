import { useMemo } from 'react';
import { partOf, subtreeOf, type Part } from '#protocol/design/index';
import { CidText, useNow, useQuantities } from '../../../ui/index.ts';
import { sizeInPart, sizeInRoom, triangleCount } from '../model/part-bounds.ts';
import { useDocument } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import { useHistory } from '../use-history.ts';
import { makersOf } from '../model/history-lines.ts';
import css from './inspector.module.css';

/** What is known about the chosen parts: size, triangles, the file they come from, who made and last changed them. */
export function FactsSection({ parts }: { parts: readonly Part[] }) {
  const t = roomStrings.useText();
  const document = useDocument();
  const { number, ago } = useQuantities();
  const now = useNow();
  const history = useHistory();
  const only = parts.length === 1 ? parts[0]! : null;
  const size = useMemo(
    () =>
      only
        ? sizeInPart(document, only.id)
        : sizeInRoom(
            document,
            parts.map(({ id }) => id),
          ),
    [document, only, parts],
  );
  // Tenths only where there are any: 140 × 140 × 38, but 12.5 × 12.5 × 40.0.
  const sizeDigits = size?.some((metres) => Math.abs(metres * 1000 - Math.round(metres * 1000)) > 0.05) ? 1 : 0;
  const triangles = useMemo(
    () =>
      triangleCount(
        document,
        parts.map(({ id }) => id),
      ),
    [document, parts],
  );
  const makers = useMemo(() => (only ? makersOf(history.lines, only.id) : null), [history.lines, only]);
  const inside =
    only && only.shape === null ? subtreeOf(document, only.id).filter(({ shape }) => shape !== null).length : 0;
  const group = only?.parent ? partOf(document, only.parent) : undefined;
  return (
    <section className={css['section']} aria-label={t('facts')}>
      <div className={css['head']}>
        <h2 className={css['title']}>{t('facts')}</h2>
      </div>
      <dl className={css['facts']}>
        {size && (
          <>
            <dt>{t('size')}</dt>
            <dd>{size.map((metres) => number(metres * 1000, sizeDigits)).join(' × ')}</dd>
          </>
        )}
        {triangles > 0 && (
          <>
            <dt>{t('triangles')}</dt>
            <dd>{number(triangles)}</dd>
          </>
        )}
        {inside > 0 && (
          <>
            <dt>{t('inside')}</dt>
            <dd>{t('partCount', { count: inside })}</dd>
          </>
        )}
        {group && (
          <>
            <dt>{t('kind_group')}</dt>
            <dd>{group.name}</dd>
          </>
        )}
        {makers?.madeBy && (
          <>
            <dt>{t('madeBy')}</dt>
            <dd>
              {makers.madeBy.author} · {ago(makers.madeBy.at, now)}
            </dd>
          </>
        )}
        {makers?.changedBy && (
          <>
            <dt>{t('changedBy')}</dt>
            <dd>
              {makers.changedBy.author} · {ago(makers.changedBy.at, now)}
            </dd>
          </>
        )}
        {only?.source && (
          <>
            <dt>{t('sourceFile')}</dt>
            <dd className={css['cid']}>
              <CidText value={only.source.file} keep={6} label={t('sourceFile')} />
            </dd>
          </>
        )}
        {only?.shape?.kind === 'asset' && (
          <>
            <dt>{t('shapeFile')}</dt>
            <dd className={css['cid']}>
              <CidText value={only.shape.cid} keep={6} label={t('shapeFile')} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
