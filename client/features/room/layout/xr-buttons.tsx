import { Button, Tooltip } from '@mantine/core';
import { IconBadgeAr, IconBadgeVr } from '@tabler/icons-react';
import type { XrMode } from '../../../scene/room-view.types.ts';
import { noticeProblem } from '../../../ui/index.ts';
import { useReadable, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';
import css from './room-layout.module.css';

/** Why this page cannot open a headset session, as far as the browser tells. */
function useWhyNoXr(): (mode: XrMode) => string | null {
  const t = roomStrings.useText();
  const { supports } = useReadable(useRoom().view.xr);
  return (mode) => {
    if (supports.includes(mode)) return null;
    if (!window.isSecureContext) return t('xrNeedsHttps');
    if (!('xr' in navigator)) return t('xrNoBrowser');
    return mode === 'immersive-vr' ? t('xrNoHeadset') : t('xrNoAr');
  };
}

/** Enter and leave VR and AR. Where it is not possible the VR button stays and says why. */
export function XrButtons({ isPhone }: { isPhone: boolean }) {
  const t = roomStrings.useText();
  const { view } = useRoom();
  const { active } = useReadable(view.xr);
  const why = useWhyNoXr();
  const enter = (mode: XrMode) => view.enterXr(mode).catch(noticeProblem);
  if (active)
    return (
      <Button size="xs" variant="default" onClick={() => void view.exitXr().catch(noticeProblem)}>
        {t('leaveXr')}
      </Button>
    );
  const noVr = why('immersive-vr');
  const noAr = why('immersive-ar');
  return (
    <>
      {(!noVr || !isPhone) && (
        <Tooltip label={noVr ?? t('enterVrMeaning')}>
          <Button
            size="xs"
            className={css['quiet']}
            variant="default"
            leftSection={<IconBadgeVr size={18} stroke={1.7} aria-hidden />}
            aria-disabled={noVr !== null}
            data-disabled={noVr !== null || undefined}
            onClick={() => noVr === null && void enter('immersive-vr')}
          >
            {t('enterVr')}
          </Button>
        </Tooltip>
      )}
      {!noAr && (
        <Tooltip label={t('enterArMeaning')}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconBadgeAr size={18} stroke={1.7} aria-hidden />}
            onClick={() => void enter('immersive-ar')}
          >
            {t('enterAr')}
          </Button>
        </Tooltip>
      )}
    </>
  );
}
