import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { useProblemText } from '../../../ui/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { beforeCamera } from '../model/before-camera.ts';
import { millimetres } from '../model/said.ts';
import { guidanceRoomStrings } from '../strings.ts';

/** One press moves the overlay by so much: as far as an eye tells, and ten times that with the coarse step. */
const STEP_M = 0.002;
const STEP_RAD = 0.0087;

/** Where the overlay lies, how sure that is, what is in the way of better, and how to set it right. */
export function AlignSheet() {
  const t = guidanceRoomStrings.useText();
  const read = useProblemText();
  const { open, aligner, camera } = useAlignThings();
  const view = useReadable(aligner.view);
  const said = view.said && read(view.said);
  const mm = view.expectedM === null ? null : millimetres(view.expectedM);
  return (
    <Drawer
      opened
      onClose={() => open(null)}
      position="right"
      size="min(440px, 100%)"
      title={t('alignTitle')}
      overlayProps={{ backgroundOpacity: 0 }}
    >
      <Stack gap="md">
        <div className={css['fill']} role="status">
          {view.fit && mm !== null ? (
            <>
              <Text size="xl" fw={640} className="wh-figures">
                {t('aligned', { mm })}
              </Text>
              <Text>{t(`alignedBy_${view.by!}`, { n: view.markers.length })}</Text>
              <Text size="sm" c="dimmed">
                {t('alignText', { mm })}
              </Text>
            </>
          ) : (
            <Text>{said ? said.message : t('alignLooking')}</Text>
          )}
          {view.fit && said && <Text>{said.message}</Text>}
          {said?.next && <Text fw={560}>{said.next}</Text>}
          {view.rejected.map(({ code, offM }) => (
            <Text key={code} c="var(--wh-attention)">
              {t('alignRejected', { code, mm: millimetres(offM) })}
            </Text>
          ))}
          {view.driftM !== null && (
            <Text c="var(--wh-attention)">{t('alignDrift', { mm: millimetres(view.driftM) })}</Text>
          )}
        </div>
        <Group gap="xs">
          <Button size="md" mih={56} data-main-act="" onClick={() => aligner.again()}>
            {t('alignAgain')}
          </Button>
          {camera && (
            <Button
              size="md"
              mih={56}
              variant="default"
              onClick={() => aligner.place(beforeCamera(), 'manual', camera)}
            >
              {t('placeByHand')}
            </Button>
          )}
        </Group>
        {view.by === 'manual' && <Text size="sm">{t('placeHint')}</Text>}
        {view.fit && <Nudge />}
      </Stack>
    </Drawer>
  );
}

function useAlignThings() {
  const job = useJob();
  const video = useReadable(job.video);
  const { fit } = useReadable(job.aligner.view);
  const seen = fit && 'camera' in fit ? fit.camera : null;
  return { ...job, camera: seen ?? (video && video.videoWidth > 0 ? job.lens.get() : null) };
}

/** Steps along the axes of the view: left is left as one sees it. */
function Nudge() {
  const t = guidanceRoomStrings.useText();
  const { aligner } = useJob();
  const isCoarse = aligner.view.get().by === 'manual';
  const [m, rad] = isCoarse ? [10 * STEP_M, 10 * STEP_RAD] : [STEP_M, STEP_RAD];
  const moves = [
    ['left', [-m, 0, 0], [0, 0, 0]],
    ['right', [m, 0, 0], [0, 0, 0]],
    ['up', [0, m, 0], [0, 0, 0]],
    ['down', [0, -m, 0], [0, 0, 0]],
    ['nearer', [0, 0, m], [0, 0, 0]],
    ['farther', [0, 0, -m], [0, 0, 0]],
    ['turnLeft', [0, 0, 0], [0, rad, 0]],
    ['turnRight', [0, 0, 0], [0, -rad, 0]],
  ] as const;
  return (
    <fieldset className={css['fill']}>
      <Text component="legend" size="sm" fw={600}>
        {t('nudge')}
      </Text>
      <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 8 }}>
        {moves.map(([key, shift, turn]) => (
          <Button key={key} size="md" mih={52} variant="default" onClick={() => aligner.nudge([...shift], [...turn])}>
            {t(key)}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
