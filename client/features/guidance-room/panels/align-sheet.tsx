import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useProblemText } from '../../../ui/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import { beforeCamera } from '../model/before-camera.ts';
import { nudgesOf } from '../model/nudges.ts';
import { millimetres } from '../model/said.ts';
import { guidanceRoomStrings } from '../strings.ts';
import { guidanceStay } from '../xr/xr-door.tsx';

/** A focal length less known than this was never measured. */
const GUESSED = 0.02;
const PHONE = '(max-width: 640px)';

/** Where the overlay lies, how sure that is, what is in the way of better, and how to set it right. */
export function AlignSheet() {
  const t = guidanceRoomStrings.useText();
  const read = useProblemText();
  const { open, aligner, camera } = useAlignThings();
  const stay = useReadable(guidanceStay);
  const view = useReadable(aligner.view);
  const said = view.said && read(view.said);
  const mm = view.expectedM === null ? null : millimetres(view.expectedM);
  // One sets right what one sees: on a telephone the upper half stays free.
  const isPhone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false }) ?? false;
  return (
    <Drawer
      opened
      onClose={() => open(null)}
      position={isPhone ? 'bottom' : 'right'}
      size={isPhone ? 'min(430px, 52%)' : '440px'}
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
              {!isPhone && (
                <Text size="sm" c="dimmed">
                  {t('alignText', { mm })}
                </Text>
              )}
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
          <Button
            size="md"
            mih={56}
            data-main-act=""
            onClick={() => (stay ? (stay.placing.begin(), open(null)) : aligner.again())}
          >
            {t('alignAgain')}
          </Button>
          {camera && !stay && (
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
        {view.by === 'manual' && !stay && <Text size="sm">{t('placeHint')}</Text>}
        {view.fit && <Nudge />}
        <LensOfCamera />
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

/** How well the camera is known, and the way to know it better. */
function LensOfCamera() {
  const t = guidanceRoomStrings.useText();
  const { lens, source, open } = useJob();
  const camera = useReadable(lens);
  const stay = useReadable(guidanceStay);
  if (!camera || !source?.calibrated || stay) return null;
  const percent = (100 * camera.sigma.focalShare).toPrecision(2);
  return (
    <div className={css['fill']}>
      <Text>{t(camera.sigma.focalShare > GUESSED ? 'lensGuessed' : 'lensKnown', { percent })}</Text>
      <Button size="md" mih={56} variant="default" onClick={() => open({ kind: 'lens' })}>
        {t('lensTitle')}
      </Button>
    </div>
  );
}

/** Over a picture by the camera's own axes, in space by where one looks. */
function Nudge() {
  const t = guidanceRoomStrings.useText();
  const { aligner } = useJob();
  const stay = useReadable(guidanceStay);
  const { by } = useReadable(aligner.view);
  const move = ({ shift, turnRad }: ReturnType<typeof nudgesOf>[number]) =>
    stay ? stay.placing.nudge(shift, turnRad) : aligner.nudge(shift, [0, turnRad, 0]);
  return (
    <fieldset className={css['fill']}>
      <Text component="legend" size="sm" fw={600}>
        {t('nudge')}
      </Text>
      <div className={css['nudges']}>
        {nudgesOf(by).map((nudge) => (
          <Button key={nudge.key} size="md" px={4} mih={52} variant="default" onClick={() => move(nudge)}>
            {t(nudge.key)}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
