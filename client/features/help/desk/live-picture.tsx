import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { useEffect, useRef, useState, type PointerEvent } from 'react';
import type { GuidanceSession } from '#net/index';
import type { CallMedia } from '../../../call/index.ts';
import { colorOfUser } from '#protocol/room/index';
import type { Voice } from '../../../voice/index.ts';
import { PARTICIPANT_COLORS } from '../../../palette.ts';
import { api } from '../../session/index.ts';
import { useReadable } from '../../room/room-context.tsx';
import css from '../help.module.css';
import { freezePicture } from '../model/freeze.ts';
import type { HelpCall } from '../model/help-call.ts';
import { helpStrings } from '../strings.ts';
import { NoPicture } from './no-picture.tsx';

interface Props {
  readonly room: string;
  readonly session: GuidanceSession;
  readonly voice: Voice;
  readonly help: HelpCall;
  readonly media: CallMedia;
  readonly mayMark: boolean;
}

/** What the engineer sees: moving, or picture by picture; frozen, it can be drawn on. */
export function LivePicture({ room, session, voice, help, media, mayMark }: Props) {
  const t = helpStrings.useText();
  const seen = [...useReadable(media.seen).values()];
  const { stills } = useReadable(help.now);
  const newest = stills.at(-1) ?? null;
  const [openId, setOpenId] = useState<string | null>(null);
  const newestId = newest?.id ?? null;
  // Whoever froze it: all look at the same picture.
  useEffect(() => setOpenId(newestId), [newestId]);
  const open = stills.find(({ id }) => id === openId) ?? null;
  const picture = seen.find(({ mode }) => mode !== 'none') ?? null;
  return (
    <section className={css['picture']} aria-label={open ? t('frozen') : t('livePicture')}>
      {open ? (
        <>
          <img src={api.assetUrl(open.cid)} alt={t('frozen')} />
          <Sketches still={open.id} ratio={open.widthPx / open.heightPx} help={help} mayMark={mayMark} />
          <div className={css['pictureNote']}>
            <span className={css['chip']}>{mayMark ? t('drawHere') : t('frozen')}</span>
            <Button size="xs" onClick={() => setOpenId(null)}>
              {t('backToLive')}
            </Button>
          </div>
        </>
      ) : (
        <>
          {picture?.stream && <Moving stream={picture.stream} />}
          {!picture?.stream && picture?.still && <img src={picture.still.url} alt={t('livePicture')} />}
          {!picture && <NoPicture session={session} voice={voice} media={media} help={help} />}
          <div className={css['pictureNote']}>
            {picture && (
              <span className={css['chip']} role="status">
                {t(`media_${picture.mode}`)}
              </span>
            )}
            {picture && mayMark && (
              <Tooltip label={t('freeze')}>
                <ActionIcon
                  size={40}
                  variant="filled"
                  aria-label={t('freeze')}
                  onClick={() => void freezePicture(room, help, media)}
                >
                  <IconCamera size={20} stroke={1.7} />
                </ActionIcon>
              </Tooltip>
            )}
          </div>
        </>
      )}
    </section>
  );
}

function Moving({ stream }: { stream: MediaStream }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return <video ref={video} autoPlay muted playsInline />;
}

interface SketchProps {
  readonly still: string;
  /** Width by height of the picture, which stands whole in its frame. */
  readonly ratio: number;
  readonly help: HelpCall;
  readonly mayMark: boolean;
}

/** Lines on a frozen picture, in its own coordinates from 0 to 1. */
function Sketches({ still, ratio, help, mayMark }: SketchProps) {
  const marks = useReadable(help.marks);
  const [line, setLine] = useState<[number, number][]>([]);
  const svg = useRef<SVGSVGElement>(null);
  const at = (event: PointerEvent): [number, number] => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.current!.getScreenCTM()!.inverse());
    return [clamp(point.x / ratio), clamp(point.y)];
  };
  const end = () => {
    if (line.length > 1) help.mark({ kind: 'sketch', still, points: line });
    setLine([]);
  };
  const lines = marks.flatMap(({ id, by, body }) =>
    body.kind === 'sketch' && body.still === still
      ? [{ id, color: PARTICIPANT_COLORS[colorOfUser(by)]!, points: body.points }]
      : [],
  );
  if (line.length > 1) lines.push({ id: 'mine', color: PARTICIPANT_COLORS[colorOfUser(help.me)]!, points: line });
  return (
    <svg
      ref={svg}
      className={css['sketch']}
      viewBox={`0 0 ${ratio} 1`}
      aria-hidden
      onPointerDown={(event) => {
        if (!mayMark) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setLine([at(event)]);
      }}
      onPointerMove={(event) => {
        // Far more than a hand draws in one stroke.
        if (line.length > 0 && line.length < 390) setLine([...line, at(event)]);
      }}
      onPointerUp={end}
      onPointerCancel={() => setLine([])}
    >
      {lines.map(({ id, color, points }) => (
        <polyline
          key={id}
          points={points.map(([x, y]) => `${x * ratio},${y}`).join(' ')}
          fill="none"
          stroke={color}
          strokeWidth={0.012}
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      ))}
    </svg>
  );
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
