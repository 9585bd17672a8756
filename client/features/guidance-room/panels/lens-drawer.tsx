import { Anchor, Button, Drawer, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { IconCheck, IconCircleDashed } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { Store } from '#net/store';
import type { Calibration, Pixel } from '#protocol/alignment/index';
import { currentLanguage, useProblemText } from '../../../ui/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { guidance } from '../../guidance/guidance.ts';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import type { TagsSeen } from '../job-screen.tsx';
import {
  GOOD_RESIDUAL_PX,
  LensViews,
  PAPER_KINDS,
  sheetQuery,
  SIDES_WANTED,
  WANTED_VIEWS,
  type LensWord,
  type Paper,
} from '../model/lens-views.ts';
import { guidanceRoomStrings } from '../strings.ts';

type Outcome = ReturnType<LensViews['solve']>;

/** A camera is learnt once: one printed sheet from all sides. Pictures are taken by themselves, because both hands hold the camera. */
export function LensDrawer({ tags }: { tags: Store<TagsSeen> }) {
  const t = guidanceRoomStrings.useText();
  const { open, source, lens } = useJob();
  const now = useReadable(lens);
  const [paper, setPaper] = useState<Paper>('a4');
  const [attempt, setAttempt] = useState(0);
  const [widthPx, heightPx] = [now?.widthPx ?? 0, now?.heightPx ?? 0];
  const views = useMemo(
    () => (widthPx > 0 ? new LensViews(paper, widthPx, heightPx) : null),
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- another attempt begins with no pictures
    [paper, widthPx, heightPx, attempt],
  );
  const { word, outline, outcome } = useViews(views, tags);
  const keep = ({ camera }: Calibration) => {
    source?.calibrated?.(camera);
    open({ kind: 'align' });
  };
  const language = currentLanguage() === 'zh' ? 'zh' : 'en';
  return (
    <Drawer
      opened
      onClose={() => open(null)}
      position="right"
      size="min(440px, 100%)"
      title={t('lensTitle')}
      overlayProps={{ backgroundOpacity: 0 }}
    >
      <Stack gap="md">
        <Text>{t('lensText')}</Text>
        <Group gap="xs" align="end">
          <NativeSelect
            label={t('lensPaper')}
            value={paper}
            onChange={(event) => setPaper(event.currentTarget.value as Paper)}
            data={PAPER_KINDS.map((kind) => ({
              value: kind,
              label: kind === 'letter' ? 'Letter' : kind.toUpperCase(),
            }))}
          />
          <Anchor href={guidance.sheetUrl(sheetQuery(paper, language))} target="_blank" style={{ minHeight: 44 }}>
            {t('lensSheet')}
          </Anchor>
        </Group>
        {views && <Coverage views={views} outline={outline} />}
        {views && <Missing views={views} />}
        {!outcome && (
          <Text role="status" fw={600} data-lens-word={word}>
            {t(`lens_${word}`)}
          </Text>
        )}
        {outcome && <Found outcome={outcome} onKeep={keep} onAgain={() => setAttempt((count) => count + 1)} />}
      </Stack>
    </Drawer>
  );
}

/** One step after the other: looks come in, pictures are taken, and with enough of them the lens is solved. */
function useViews(views: LensViews | null, tags: Store<TagsSeen>) {
  const [state, setState] = useState<{ word: LensWord; outline: readonly Pixel[] | null; outcome: Outcome | null }>({
    ...{ word: 'noSheet', outline: null, outcome: null },
  });
  useEffect(() => {
    setState({ word: 'noSheet', outline: null, outcome: null });
    if (!views) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isDone = false;
    const stop = tags.subscribe(() => {
      if (isDone) return;
      const { word, view } = views.see(tags.get());
      setState((before) => ({ ...before, word, outline: view?.outlinePx ?? null }));
      if (word !== 'taken' || !views.isEnough) return;
      // Some tenths of a second: the last outline is drawn first.
      timer ??= setTimeout(() => {
        timer = undefined;
        const outcome = views.solve();
        // Too weak: one goes on with the next picture, and sees why.
        isDone = 'calibration' in outcome;
        setState((before) => ({ ...before, outcome }));
      }, 60);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [views, tags]);
  return state;
}

/** Where on the picture the sheet has been, and where it is now. */
function Coverage({ views, outline }: { views: LensViews; outline: readonly Pixel[] | null }) {
  const t = guidanceRoomStrings.useText();
  const { widthPx: w, heightPx: h } = views;
  const fields = views.fields;
  const points = (corners: readonly Pixel[]) => corners.map(([u, v]) => `${u},${v}`).join(' ');
  return (
    <svg
      className={css['coverage']}
      viewBox={`0 0 ${w} ${h}`}
      role="img"
      aria-label={t('lensCoverage', counted(fields))}
    >
      {fields.map((isSeen, at) => (
        <rect
          key={at}
          data-seen={isSeen || undefined}
          x={((at % 4) * w) / 4}
          y={(Math.floor(at / 4) * h) / 3}
          width={w / 4}
          height={h / 3}
        />
      ))}
      {views.views.map(({ outlinePx }, at) => (
        <polygon key={at} data-taken="" points={points(outlinePx)} />
      ))}
      {outline && <polygon points={points(outline)} />}
    </svg>
  );
}

const counted = (fields: readonly boolean[]) => ({ n: fields.filter(Boolean).length, all: fields.length });

function Missing({ views }: { views: LensViews }) {
  const t = guidanceRoomStrings.useText();
  const taken = views.sides;
  const rows = [
    {
      key: 'count',
      isDone: views.views.length >= WANTED_VIEWS,
      text: t('lensCount', { n: views.views.length, all: WANTED_VIEWS }),
    },
    ...SIDES_WANTED.map((side) => ({ key: side, isDone: taken.has(side), text: t(`lensFrom_${side}`) })),
  ];
  return (
    <ul className={css['lensList']}>
      {rows.map(({ key, isDone, text }) => (
        <li key={key} data-done={isDone || undefined}>
          {isDone ? <IconCheck size={20} aria-hidden /> : <IconCircleDashed size={20} aria-hidden />}
          <span>
            {text}
            <span className="wh-spoken"> {t(isDone ? 'isDone' : 'isOpen')}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Found({
  outcome,
  onKeep,
  onAgain,
}: {
  outcome: Outcome;
  onKeep: (found: Calibration) => void;
  onAgain: () => void;
}) {
  const t = guidanceRoomStrings.useText();
  const read = useProblemText();
  if ('refused' in outcome) {
    const { message, next } = read(outcome.refused);
    return <Text role="status">{next ? `${message} ${next}` : message}</Text>;
  }
  const { camera, residualPx, views } = outcome.calibration;
  const isGood = residualPx <= GOOD_RESIDUAL_PX;
  const figures = {
    focal: camera.focalPx[0].toFixed(0),
    percent: (100 * camera.sigma.focalShare).toPrecision(2),
    px: residualPx.toFixed(2),
    n: views,
  };
  return (
    <div className={css['fill']} role="status" data-lens-word="found">
      <Text className="wh-figures">{t('lensFound', figures)}</Text>
      <Text c={isGood ? undefined : 'var(--wh-attention)'}>{t(isGood ? 'lensGood' : 'lensBad')}</Text>
      <Group gap="xs" mt="xs">
        <Button
          size="md"
          mih={56}
          variant={isGood ? 'filled' : 'default'}
          data-main-act=""
          onClick={() => onKeep(outcome.calibration)}
        >
          {t('lensKeep')}
        </Button>
        <Button size="md" mih={56} variant={isGood ? 'default' : 'filled'} onClick={onAgain}>
          {t('lensAgain')}
        </Button>
      </Group>
    </div>
  );
}
